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
        let replay = try await CanaryReplay(of: stream, in: store)
        guard replay.looks > 0 || replay.verdicts > 0 else {
            throw Failure(.noInput, "\(stream) has no canary to judge again")
        }
        switch format.output {
        case .json: try StandardOutput.writeLine(replay.json(of: stream))
        case .table: try replay.write(of: stream)
        }
        guard replay.differences.isEmpty else { throw Failure(.verificationFailed, "") }
    }
}

extension CanaryReplay {
    init(of stream: StreamName, in store: some EventStore) async throws {
        try await self.init(store.history(of: stream)) { try await store.attachment($0)?.bytes }
    }

    func json(of stream: StreamName) -> JSONValue {
        [
            "release": .string(stream.text), "judge": .string(JudgeVersion.text),
            "looks": .integer(looks), "verdicts": .integer(verdicts),
            "differences": .array(
                differences.map {
                    [
                        "position": .integer(Int($0.position.value)),
                        "difference": .string($0.sentence),
                    ]
                }),
        ]
    }

    func write(of stream: StreamName) throws {
        for difference in differences {
            try StandardOutput.write(
                Style.bad("position \(difference.position): ")
                    + Table.printable(difference.sentence) + "\n")
        }
        let what = "\(verdicts) verdicts on \(looks) looks"
        try StandardOutput.write(
            differences.isEmpty
                ? Style.good("\(stream): \(what) come out the same\n")
                : "\(stream): \(what), \(differences.count) differences\n")
    }
}
