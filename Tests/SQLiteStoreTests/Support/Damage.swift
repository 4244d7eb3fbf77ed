import EventSourcing
import Foundation
import GRDB
import LedgerCore
import LedgerTesting
import Testing

@testable import SQLiteStore

/// How tests damage a ledger: as somebody would who knows SQLite, or as a failing disk does.
extension TestLedger {
    /// Runs SQL as the owner of the file could.
    func execute(_ sql: String, _ arguments: StatementArguments = []) throws {
        let queue = try DatabaseQueue(path: file.path)
        try queue.write { try $0.execute(sql: sql, arguments: arguments) }
        try queue.close()
    }

    func fetch<Value: DatabaseValueConvertible>(_ sql: String) throws -> [Value] {
        let queue = try DatabaseQueue(path: file.path)
        defer { try? queue.close() }
        return try queue.read { try Value.fetchAll($0, sql: sql) }
    }

    /// Changes rows in spite of the triggers, which stand afterwards as they stood before.
    func tamper(_ sql: String, _ arguments: StatementArguments = []) throws {
        try tamper { try $0.execute(sql: sql, arguments: arguments) }
    }

    func tamper(_ body: (Database) throws -> Void) throws {
        let queue = try DatabaseQueue(path: file.path)
        try queue.write { database in
            let triggers = try Row.fetchAll(
                database, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            for trigger in triggers {
                try database.execute(sql: "DROP TRIGGER \(trigger[0] as String)")
            }
            try body(database)
            for trigger in triggers { try database.execute(sql: trigger[1]) }
        }
        try queue.close()
    }

    /// Moves everything from the write-ahead log into the file, and gives the file's bytes.
    func settled() throws -> [UInt8] {
        let queue = try DatabaseQueue(path: file.path)
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try queue.close()
        return Array(try Data(contentsOf: URL(fileURLWithPath: file.path)))
    }

    /// Overwrites bytes of the file, past SQLite.
    func overwrite(at offset: Int, with bytes: [UInt8]) throws {
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file.path))
        try handle.seek(toOffset: UInt64(offset))
        try handle.write(contentsOf: Data(bytes))
        try handle.close()
    }
}

/// Row numbers, as they stand in the file: SQLite takes their order for granted, and a forger need not.
///
/// A row is the length of its record, its number, and the record, which starts with the lengths of its
/// columns (https://www.sqlite.org/fileformat2.html#b_tree_pages). Numbers below 128 are one byte.
extension TestLedger {
    /// Where the number of an entry's row stands: before 5 bytes of lengths and the hash.
    func offsetOfRow(_ entry: Entry, in bytes: [UInt8]) throws -> Int {
        try offsetOfNumber(
            UInt8(entry.position.value), before: entry.hash.bytes + entry.eventBytes, lengths: 5,
            bytes)
    }

    /// Where the number of a checkpoint's row stands: before 4 bytes of lengths.
    func offsetOfRow(checkpoint size: UInt8, in bytes: [UInt8]) throws -> Int {
        let notes: [String] = try fetch("SELECT note FROM checkpoints WHERE size = \(size)")
        let note = Array(try #require(notes.first).utf8)
        return try offsetOfNumber(size, before: note, lengths: 4, bytes)
    }

    private func offsetOfNumber(
        _ number: UInt8, before content: [UInt8], lengths: Int, _ bytes: [UInt8]
    ) throws -> Int {
        let offset = try #require(bytes.offsets(of: content).first) - lengths - 1
        try #require(bytes[offset] == number)
        return offset
    }
}

/// A forger with the ledger's own key: rewrites the log so that all hashes and signatures fit.
extension TestLedger {
    func events() throws -> [String] { try fetch("SELECT event FROM entries ORDER BY position") }

    /// - Parameter schema: SQL to run first, as to drop an index that would not have the events.
    func forge(_ events: [String], signedBy key: SigningKey? = nil, schema: String = "") throws {
        let signer = LedgerSigner(origin: try Keys.origin(), key: try key ?? Keys.first())
        try tamper { database in
            try database.execute(
                sql:
                    "\(schema); DELETE FROM entries; DELETE FROM checkpoints; DELETE FROM subtree_hashes"
            )
            var range = CompactRange()
            var treeHasher = TreeHasher()
            var entryHasher = EntryHasher()
            var previous = Digest.zero
            for (position, event) in events.enumerated() {
                let hash = entryHasher.hash(previous: previous, eventBytes: Array(event.utf8))
                try database.execute(
                    sql: "INSERT INTO entries (position, hash, event) VALUES (?, ?, ?)",
                    arguments: [position, Data(hash.bytes), event])
                range.append(hash, with: &treeHasher)
                previous = hash
            }
            let note = try signer.sign(size: range.size, root: range.root(with: &treeHasher))
            try database.execute(
                sql: "INSERT INTO checkpoints VALUES (?, ?)",
                arguments: [events.count, note.description])
        }
    }
}

extension [UInt8] {
    /// Where some bytes stand in these.
    func offsets(of pattern: [UInt8]) -> [Int] {
        guard let first = pattern.first else { return [] }
        return indices.dropLast(pattern.count - 1).filter { index in
            self[index] == first && self[index..<(index + pattern.count)].elementsEqual(pattern)
        }
    }
}
