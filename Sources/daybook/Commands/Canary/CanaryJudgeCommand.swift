import ArgumentParser
import BoringDeploy
import EventSourcing
import LedgerCore

struct CanaryJudgeCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "judge",
        abstract: "Judge samples in a file, apart from any train; nothing is recorded.",
        discussion: """
            Says for each check whether the canary is worse, not worse, or neither is shown (inconclusive).
            docs/spec/judge.md has the file's members and the mathematics.

              daybook canary judge --samples samples.json -o json
            """)

    @OptionGroup var format: OutputOptions

    @Option(help: ArgumentHelp("The samples as JSON; - for standard input.", valueName: "file"))
    var samples: String

    @Flag(help: "Exit with 10 if a check is worse, else with 13 if one is inconclusive.")
    var exitCode = false

    func execute() async throws {
        let verdicts: [CheckVerdict]
        do {
            verdicts = try SampleFile(StrictJSONParser.parse(Files.read(samples))).verdicts
        } catch let error as EventError {
            throw Failure(.badInput, "\(Files.name(samples)): \(error)")
        } catch let error as JSONError {
            throw Failure(.badInput, "\(Files.name(samples)): \(error)")
        }
        switch format.output {
        case .json:
            try StandardOutput.writeLine([
                "judge": .string(JudgeVersion.text), "checks": .array(verdicts.map(\.json)),
            ])
        case .table:
            for verdict in verdicts {
                let line = Table.printable("\(verdict.name): \(verdict.reason)")
                try StandardOutput.write(
                    (verdict.finding == .notWorse
                        ? Style.good(line) : verdict.finding == .worse ? Style.bad(line) : line)
                        + "\n")
            }
        }
        guard exitCode else { return }
        if verdicts.contains(where: { $0.finding == .worse }) { throw Failure(.refused, "") }
        if verdicts.contains(where: { $0.finding != .notWorse }) {
            throw Failure(.inconclusive, "")
        }
    }
}
