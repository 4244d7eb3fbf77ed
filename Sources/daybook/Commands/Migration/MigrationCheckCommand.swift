import ArgumentParser
import BoringDeploy
import EventSourcing
import Foundation
import LedgerCore
import Operations

struct MigrationCheckCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say whether a pull request that changes a schema has its label and its dry run.",
        discussion: """
            Reads the event payload that GitHub and GitLab send. Run it in a checkout of the change, at the
            repository's top. Exit codes: 0 nothing is missing, 10 something is.

              daybook migration check --event "$GITHUB_EVENT_PATH"
              git diff --name-only origin/main...HEAD > changed.txt
              daybook migration check --event payload.json --changed changed.txt
            """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var format: OutputOptions

    @Option(
        help: ArgumentHelp(
            "A pull_request payload (GitHub) or a merge request's (GitLab).", valueName: "file"))
    var event: String

    @Option(
        help: ArgumentHelp(
            "The changed paths, one a line; - for standard input. Else: git diff base...head.",
            valueName: "file"))
    var changed: String?

    func execute() async throws {
        let proposal = try readProposal()
        let rule = try MigrationSettings.rule()
        let paths = try await changedPaths(proposal)
        let change = SchemaChange(labels: proposal.labels, paths: paths, under: rule)
        var reasons: [ProposalCheck.Reason] = []
        if change.isSchemaAffecting {
            reasons = ProposalCheck.missing(
                for: proposal, change, files: try change.paths.map(MigrationFiles.hashed),
                rehearsals: try await ledger.openForReading().rehearsals(), under: rule)
        }
        try report(reasons, change)
        guard reasons.isEmpty else {
            try StandardOutput.flush()
            throw ArgumentParser.ExitCode(10)
        }
    }

    private func readProposal() throws -> ProposedChange {
        do {
            return try ProposedChange(payload: StrictJSONParser.parse(Files.read(event)))
        } catch let error as EventError {
            throw Failure(.badInput, "\(Files.name(event)): \(error)")
        } catch let error as JSONError {
            throw Failure(.badInput, "\(Files.name(event)): \(error)")
        }
    }

    private func changedPaths(_ proposal: ProposedChange) async throws -> [String] {
        let bytes: [UInt8]
        if let changed {
            bytes = try Files.read(changed)
        } else {
            let range = "\(proposal.base)...\(proposal.head)"
            let argv = [
                "git", "-c", "core.quotePath=false", "diff", "--name-only", "--no-renames", range,
                "--",
            ]
            let outcome = await ExecCommandRunner().run(Command(argv))
            guard outcome.isSuccess else {
                let said = String(decoding: outcome.errors.prefix(400), as: UTF8.self)
                throw Failure(
                    .badInput,
                    "git diff \(range): \(outcome.description): \(said)fetch both revisions "
                        + "(fetch-depth: 0), or give --changed FILE")
            }
            bytes = outcome.output
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        guard !lines.isEmpty else {
            throw Failure(.badInput, "no changed path is given; a check of nothing is no check")
        }
        return lines.map { MigrationFiles.path(String($0)) }
    }

    private func report(_ reasons: [ProposalCheck.Reason], _ change: SchemaChange) throws {
        guard format.output == .table else {
            return try StandardOutput.writeLine([
                "verdict": reasons.isEmpty ? "pass" : "refuse",
                "schemaaffecting": .bool(change.isSchemaAffecting), "paths": .texts(change.paths),
                "reasons": .array(reasons.map(\.json)),
            ])
        }
        guard !reasons.isEmpty else {
            let words =
                change.isSchemaAffecting
                ? "the schema change has its label and its dry run" : "no schema is changed"
            return try StandardOutput.write("\(words)\n")
        }
        for reason in reasons { try StandardOutput.write(Annotation.line(reason) + "\n") }
        for remedy in Set(reasons.map(\.remedy)).sorted() {
            try StandardOutput.write("to supply it: \(Table.printable(remedy))\n")
        }
    }
}

extension ProposalCheck.Reason {
    fileprivate var json: JSONValue {
        [
            "gate": "migrations", "path": .optional(path), "reason": .string(reason),
            "remedy": .string(remedy),
        ]
    }
}
