import EventSourcing
import GRDB
import LedgerCore

/// The stored hashes of a ledger's tree, within one reading of the database.
struct SQLiteHashes: StoredHashes {
    let database: Database

    func hashes(level: Int, numbers: Range<UInt64>) throws -> [Digest] {
        let range: StatementArguments = [
            Int64(numbers.lowerBound), Int64(numbers.upperBound),
        ]
        let statement = try database.cachedStatement(
            sql: level == 0
                ? "SELECT hash FROM entries WHERE position >= ? AND position < ? ORDER BY position"
                : """
                SELECT hash FROM subtree_hashes
                WHERE number >= ? AND number < ? AND level = ? ORDER BY number
                """)
        let arguments = level == 0 ? range : range + [level]
        var found: [Digest] = []
        found.reserveCapacity(numbers.count)
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        while let row = try rows.next() {
            guard
                let hash = try row.withUnsafeData(atIndex: 0, { $0.flatMap { Digest(Array($0)) } })
            else {
                throw StoreError(.damaged, "a stored hash of level \(level) is not 32 bytes")
            }
            found.append(hash)
        }
        guard found.count == numbers.count else {
            throw StoreError(.damaged, "a stored hash of level \(level) is missing")
        }
        return found
    }
}
