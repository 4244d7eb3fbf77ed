import ArgumentParser
import BoringDeploy
import EventSourcing
import LedgerCore
import SQLiteStore

struct ReleaseStatusCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show a release: its state, approvals, overrides and steps.",
        discussion: "  daybook release status 1.5.0 -o json")

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var format: OutputOptions

    @Argument(help: "The release, as 1.5.0 or shop/1.5.0.")
    var release: String

    func execute() async throws {
        let project = try Project()
        let history = try await project.history(
            of: release, in: project.log(ledger.openForReading()))
        let status = TrainStatus(history, people: project.configuration.people)
        switch format.output {
        case .json: try StandardOutput.writeLine(status.json)
        case .table:
            let none = ["none"]
            try Table.write(record: [
                ("release", history.stream.text), ("state", status.state),
                ("commit", history.cut?.payload.commit ?? ""),
                ("cut", history.cut?.fact.hash.hex ?? ""),
                (
                    "approvals",
                    (status.approvals.isEmpty ? none : status.approvals).joined(separator: ", ")
                ),
                (
                    "overrides",
                    (status.overrides.isEmpty ? none : status.overrides).joined(separator: ", ")
                ),
            ])
            for step in status.steps { try StandardOutput.write("  \(step.shown)\n") }
        }
    }
}

extension TrainStatus.Step {
    var shown: String {
        Table.printable("\(name): \(state)" + (reason.isEmpty ? "" : ", \(reason)"))
    }
}

struct ReleaseListCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List releases with their states.",
        discussion: "  daybook release list -o json")

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var format: OutputOptions

    func execute() async throws {
        try await ReadModel.list(
            ReleasesProjection(), ["release", "state", "since"], members: ["state", "since"],
            key: "release", ledger, format)
    }
}

/// Shows the documents of a projection as a table.
enum ReadModel {
    /// One document, after catching up.
    static func document(
        _ key: String, of projection: some Projection, _ ledger: LedgerOptions
    ) async throws -> JSONObject? {
        let file = try ledger.file()
        let models = try SQLiteReadModelStore.open(beside: file)
        try await ProjectionRunner(log: SQLiteEventStore.reading(file), models: models).catchUp(
            projection)
        let found = try await models.documents(of: projection.name, [DocumentKey(key)])
        return found[DocumentKey(key)]?.object
    }

    static func list(
        _ projection: some Projection, _ headings: [String], members: [String], key: String,
        _ ledger: LedgerOptions, _ format: OutputOptions
    ) async throws {
        let file = try ledger.file()
        let models = try SQLiteReadModelStore.open(beside: file)
        try await ProjectionRunner(log: SQLiteEventStore.reading(file), models: models).catchUp(
            projection)
        var table = Table(headings)
        for (name, document) in try await models.allDocuments(of: projection.name) {
            var line = document.object ?? JSONObject()
            line[key] = .string(name.text)
            switch format.output {
            case .json: try StandardOutput.writeLine(.object(line))
            case .table: table.add([name.text] + members.map { line[$0]?.string ?? "–" })
            }
        }
        try table.write()
    }
}
