import EventSourcing
import GRDB
import LedgerCore

/// Finds the entries of which an index says something else than their events: the slow way, once
/// the sums have differed.
struct IndexComparison {
    let end: Int64
    let unreadable: Set<Int64>
    let schema: SchemaCheck

    func findings(_ database: Database) throws -> [Finding] {
        var findings: [Finding] = []
        var rows = try RawStatement(
            database, "SELECT position, event FROM entries WHERE position < ? ORDER BY position")
        rows.bind(end, at: 1)
        var lookups = try Lookups(database, schema)
        while try rows.step() {
            let position = rows.int64(0)
            guard !unreadable.contains(position), let event = rows.text(1) else { continue }
            try EventCheck.check(event) { outcome in
                guard case .good(let facts) = outcome else { return }
                for name in try lookups.missing(facts, at: position) {
                    findings.append(
                        Finding(.index, at: position, "\(name) does not say what the event says"))
                }
            }
        }
        // Every entry is found, so an index says something more.
        if findings.isEmpty {
            findings.append(Finding(.index, at: nil, "an index has rows that no entry stands for"))
        }
        return findings
    }

    private struct Lookups: ~Copyable {
        private var key: RawStatement
        private var stream: RawStatement
        private var type: RawStatement

        init(_ database: Database, _ schema: SchemaCheck) throws {
            func statement(_ index: String, _ condition: String) throws -> RawStatement {
                try RawStatement(
                    database,
                    "SELECT 1 FROM entries \(schema.way(index)) WHERE \(condition) AND position = ?"
                )
            }
            let key = try statement("entries_by_key", "source = ? AND id = ?")
            let stream = try statement("entries_by_stream", "subject = ? AND streamversion = ?")
            let type = try statement("entries_by_type", "type = ?")
            self.key = key
            self.stream = stream
            self.type = type
        }

        mutating func missing(_ facts: EventFacts, at position: Int64) throws -> [String] {
            var missing: [String] = []
            key.bindText(facts.source, at: 1)
            key.bindText(facts.id, at: 2)
            key.bind(position, at: 3)
            if try !key.step() { missing.append("entries_by_key") }
            key.reset()
            type.bindText(facts.type, at: 1)
            type.bind(position, at: 2)
            if try !type.step() { missing.append("entries_by_type") }
            type.reset()
            if let subject = facts.subject {
                stream.bindText(subject, at: 1)
                stream.bind(facts.version, at: 2)
                stream.bind(position, at: 3)
                if try !stream.step() { missing.append("entries_by_stream") }
                stream.reset()
            }
            return missing
        }
    }
}
