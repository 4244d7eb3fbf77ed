import ArgumentParser
import BoringDeploy
import EventSourcing
import LedgerCore
import SQLiteStore

struct ProjectionCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "projection",
        abstract: "Fold the log into a projection and show its documents.",
        discussion: """
            Kept in FILE-models beside the ledger, which may be deleted at any time.

              daybook projection streams
              daybook projection --all
            """)

    /// Every projection that this program knows.
    static let known: [any Projection] = Catalogue.projections

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var format: OutputOptions

    @Argument(help: "The projection's name.")
    var name: String?

    @Flag(help: "Fold every projection in one pass, and show how many documents each has.")
    var all = false

    func validate() throws {
        guard all != (name != nil) else {
            throw ValidationError("name a projection, or give --all")
        }
    }

    func execute() async throws {
        guard let name else { return try await foldAll() }
        guard let projection = Self.known.first(where: { $0.name == name }) else {
            let known = Self.known.map(\.name).joined(separator: ", ")
            throw Failure(.usage, "there is no projection \"\(name)\"; there are: \(known)")
        }
        let file = try ledger.file()
        let models = try SQLiteReadModelStore.open(beside: file)
        try await ProjectionRunner(log: SQLiteEventStore.reading(file), models: models).catchUp(
            projection)
        var table = Table(["key", "document"])
        for (key, document) in try await models.allDocuments(of: projection.name) {
            switch format.output {
            case .json:
                try StandardOutput.writeLine(["key": .string(key.text), "document": document])
            case .table: table.add([key.text, CanonicalJSONWriter.text(of: document)])
            }
        }
        try table.write()
    }

    private func foldAll() async throws {
        let file = try ledger.file()
        let models = try SQLiteReadModelStore.open(beside: file)
        try await ProjectionRunner(log: SQLiteEventStore.reading(file), models: models).catchUp(
            all: Self.known)
        var table = Table(["projection", "documents"])
        for projection in Self.known {
            let count = try await models.allDocuments(of: projection.name).count
            switch format.output {
            case .json:
                try StandardOutput.writeLine([
                    "projection": .string(projection.name), "documents": .integer(count),
                ])
            case .table: table.add([projection.name, "\(count)"])
            }
        }
        try table.write()
    }
}
