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

    @Option(help: "sequential, or kayenta: as Spinnaker's Kayenta classifies (NetflixACAJudge).")
    var judge: JudgeName = .sequential

    @Flag(help: "Exit with 10 if a check is worse, else with 13 if one is inconclusive.")
    var exitCode = false

    func execute() async throws {
        let file: SampleFile
        do {
            file = try SampleFile(StrictJSONParser.parse(Files.read(samples)))
        } catch let error as EventError {
            throw Failure(.badInput, "\(Files.name(samples)): \(error)")
        } catch let error as JSONError {
            throw Failure(.badInput, "\(Files.name(samples)): \(error)")
        }
        switch judge {
        case .sequential: try write(file.verdicts)
        case .kayenta: try writeKayenta(file)
        }
    }

    private func writeKayenta(_ file: SampleFile) throws {
        let (results, score) = file.kayenta
        switch format.output {
        case .json:
            try StandardOutput.writeLine([
                "judge": "kayenta", "score": .number(score),
                "checks": .array(
                    results.map { name, classification, reason in
                        [
                            "name": .string(name),
                            "classification": .string(classification.rawValue),
                            "reason": .string(reason),
                        ]
                    }),
            ])
        case .table:
            for (name, classification, reason) in results {
                try StandardOutput.write(
                    Table.printable("\(name): \(classification.rawValue), \(reason)") + "\n")
            }
            try StandardOutput.write("score \(score)\n")
        }
        guard exitCode, results.contains(where: { $0.1 != .pass }) else { return }
        throw Failure(
            results.contains { $0.1 == .high || $0.1 == .low } ? .refused : .inconclusive, "")
    }

    private func write(_ verdicts: [CheckVerdict]) throws {
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

enum JudgeName: String, ExpressibleByArgument, CaseIterable {
    case sequential
    case kayenta
}
