import ArgumentParser
import BoringDeploy
import EventSourcing
import LedgerCore
import Operations

struct CanaryReplayCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Judge a release's canaries again from the log alone, and compare every verdict.",
        discussion: """
            Makes the samples from what was answered at each look, and the verdicts from the samples. Exits with 11
            if anything comes out otherwise than it was recorded.

              daybook canary replay 1.5.0
            """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var format: OutputOptions

    @Argument(help: "The release, as 1.5.0 or shop/1.5.0.")
    var release: String

    func execute() async throws {
        let store = try ledger.openForReading()
        let stream = try ReleaseName.stream(release) { try Project().name }
        let replay = try await CanaryReplay(store.history(of: stream)) {
            try await store.attachment($0)?.bytes
        }
        guard replay.looks > 0 || replay.verdicts > 0 else {
            throw Failure(.noInput, "\(stream) has no canary to judge again")
        }
        switch format.output {
        case .json:
            try StandardOutput.writeLine([
                "release": .string(stream.text), "judge": .string(JudgeVersion.text),
                "looks": .integer(replay.looks), "verdicts": .integer(replay.verdicts),
                "differences": .array(
                    replay.differences.map {
                        [
                            "position": .integer(Int($0.position.value)),
                            "difference": .string($0.sentence),
                        ]
                    }),
            ])
        case .table:
            for difference in replay.differences {
                try StandardOutput.write(
                    Style.bad("position \(difference.position): ")
                        + Table.printable(difference.sentence) + "\n")
            }
            let what = "\(replay.verdicts) verdicts on \(replay.looks) looks"
            try StandardOutput.write(
                replay.differences.isEmpty
                    ? Style.good("\(stream): \(what) come out the same\n")
                    : "\(stream): \(what), \(replay.differences.count) differences\n")
        }
        guard replay.differences.isEmpty else { throw Failure(.verificationFailed, "") }
    }
}
