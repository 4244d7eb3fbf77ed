import EventSourcing
import GRDB

/// That a ledger's tables, indexes and triggers are those of its format, no more and no less: a
/// table may be a view, an index may lie, a trigger may swallow what is inserted.
struct SchemaCheck {
    let findings: [Finding]
    private let damaged: Set<String>

    init(_ database: Database) throws {
        let reference = try DatabaseQueue()
        let expected = try reference.write { reference in
            try reference.execute(sql: LedgerFile.schema)
            return try Self.objects(reference)
        }
        let found = try Self.objects(database)
        let missing = Set(expected.subtracting(found).map(\.name))
        let foreign = Set(found.subtracting(expected).map(\.name))
        damaged = missing
        findings = missing.union(foreign).sorted().map { name in
            let isBoth = missing.contains(name) && foreign.contains(name)
            let what = isBoth ? "is changed" : missing.contains(name) ? "is missing" : "is foreign"
            return Finding(.schema, at: nil, "\(name) \(what)")
        }
    }

    /// Whether this table or index is there, and is the one of the format.
    func holds(_ name: String) -> Bool { !damaged.contains(name) }

    /// How to read entries by an index; without it, SQLite computes from the events.
    func way(_ index: String) -> String {
        holds(index) ? "INDEXED BY \(index)" : "NOT INDEXED"
    }

    private struct SchemaObject: Hashable {
        let type: String
        let name: String
        let table: String
        let sql: String
    }

    private static func objects(_ database: Database) throws -> Set<SchemaObject> {
        // ANALYZE leaves statistics behind; they are no part of the format and change no answer.
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master
                WHERE NOT (type = 'table' AND name IN ('sqlite_stat1', 'sqlite_stat3', 'sqlite_stat4'))
                """)
        return Set(rows.map { SchemaObject(type: $0[0], name: $0[1], table: $0[2], sql: $0[3]) })
    }
}
