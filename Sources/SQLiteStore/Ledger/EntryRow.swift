import EventSourcing
import GRDB
import LedgerCore

/// Reads entries out of rows.
enum EntryRow {
    /// What every reading of entries selects; the entry before gives the link.
    static let select = """
        SELECT e.position, e.hash, e.event,
            (SELECT p.hash FROM entries AS p WHERE p.position = e.position - 1) AS previous
        FROM entries AS e
        """

    static func fetchOne(
        _ database: Database, where condition: String, _ arguments: StatementArguments
    ) throws -> Entry? {
        let statement = try database.cachedStatement(sql: "\(select) WHERE \(condition)")
        return try Row.fetchOne(statement, arguments: arguments).map(entry)
    }

    static func entry(_ row: Row) throws -> Entry {
        let stored: Int64 = row[0]
        guard let number = UInt64(exactly: stored),
            let hash = try row.withUnsafeData(atIndex: 1, { $0.flatMap { Digest(Array($0)) } })
        else { throw StoreError(.damaged, "position \(stored): the row is not an entry") }
        let previous = try row.withUnsafeData(atIndex: 3) { $0.flatMap { Digest(Array($0)) } }
        guard let previous = previous ?? (number == 0 ? .zero : nil) else {
            throw StoreError(.damaged, "position \(stored): the entry before is missing")
        }
        guard let event = try row.withUnsafeData(atIndex: 2, { $0.map { Array($0) } }) else {
            throw StoreError(.damaged, "position \(stored): the row has no event")
        }
        return Entry(
            position: Position(number), previous: previous, hash: hash, eventBytes: event)
    }
}

extension Database {
    /// The entry at position 0, which says whose log this is.
    func ledgerIdentity() throws -> LedgerCreated {
        var first = try RawStatement(self, "SELECT event FROM entries WHERE position = 0")
        guard try first.step(), let event = first.text(0) else {
            throw StoreError(.damaged, "the ledger has no entry at position 0")
        }
        do throws(EventError) {
            return try LedgerCreated(eventBytes: Array(event))
        } catch {
            throw StoreError(.damaged, "position 0: \(error)")
        }
    }

    /// How many entries there are, and the last.
    func lastEntry() throws -> Entry? {
        try EntryRow.fetchOne(self, where: "e.position = (SELECT max(position) FROM entries)", [])
    }

    func newestCheckpoint() throws -> SignedNote {
        let statement = try cachedStatement(
            sql: "SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1")
        return try note(String.fetchOne(statement))
    }

    func checkpoint(of size: TreeSize) throws -> SignedNote? {
        let statement = try cachedStatement(sql: "SELECT note FROM checkpoints WHERE size = ?")
        let text = try String.fetchOne(statement, arguments: [Int64(clamping: size.value)])
        return try text.map { try note($0) }
    }

    /// Throws unless the log has as many entries.
    func checkReached(_ size: TreeSize) throws {
        let last = try lastEntry()?.position.value
        guard size.value <= last.map({ $0 + 1 }) ?? 0 else {
            throw StoreError(.badInput, "the log does not have \(size) entries")
        }
    }

    func firstCheckpoint(covering position: Position) throws -> SignedNote {
        let statement = try cachedStatement(
            sql: "SELECT note FROM checkpoints WHERE size > ? ORDER BY size LIMIT 1")
        return try note(String.fetchOne(statement, arguments: [Int64(position.value)]))
    }

    private func note(_ text: String?) throws -> SignedNote {
        guard let text else { throw StoreError(.damaged, "a checkpoint is missing") }
        do throws(NoteError) {
            return try SignedNote(parsing: Array(text.utf8))
        } catch {
            throw StoreError(.damaged, "a stored checkpoint is no note: \(error)")
        }
    }
}
