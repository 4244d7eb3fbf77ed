import ArgumentParser
import EventSourcing
import LedgerCore
import SQLiteStore

struct ShowCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one entry.",
        discussion: """
              daybook show 41
              daybook show 0b5d1d6e-8c1f-4a52-9a0e-2f6f4a7f0c11
            """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var format: OutputOptions

    @Argument(help: "A position, or an event's id.")
    var entry: String

    @Option(help: "The source of the id, where several sources have used it.")
    var source: String?

    func execute() async throws {
        let store = try ledger.openForReading()
        let entry = try await find(in: store)
        switch format.output {
        case .json: try StandardOutput.write(entry.jsonLine)
        case .table:
            try Table.write(record: [
                ("position", "\(entry.position)"), ("hash", entry.hash.hex),
                ("previous", entry.previous.hex),
            ])
            let value = try StrictJSONParser.parse(entry.eventBytes, integers: .asStored)
            try StandardOutput.write(IndentedJSON.text(of: value) + "\n")
        }
    }

    private func find(in store: SQLiteEventStore) async throws -> Entry {
        if let position = UInt64(decimal: entry),
            let found = try await store.entry(at: Position(position))
        {
            return found
        }
        var query = EntryQuery()
        query.id = EventKey.ID(entry)
        query.source = source.map { EventKey.Source($0) }
        query.limit = 20
        let found = try await store.entries(query)
        guard let first = found.first else {
            let size = try await store.head().size
            throw Failure(
                .noInput,
                "there is no entry \"\(entry)\": neither a position (0 to \(size.value - 1)) nor an id"
            )
        }
        guard found.count == 1 else {
            let places = found.map(\.position.description).joined(separator: ", ")
            throw Failure(
                .badInput,
                "the id \"\(entry)\" is used by several sources, at positions \(places); "
                    + "name a position or a --source")
        }
        return first
    }
}
