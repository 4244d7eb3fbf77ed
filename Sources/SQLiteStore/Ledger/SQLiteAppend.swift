import EventSourcing
import Foundation
import GRDB
import LedgerCore

/// The reads and writes of an append, within one write transaction.
struct SQLiteAppend: AppendTransaction, ~Copyable {
    private let database: Database
    private let file: String
    private var insertEntry: RawStatement
    private var findKey: RawStatement
    private var lastVersion: RawStatement
    /// The versions of the streams that this transaction has touched.
    private var versions: [StreamName: StreamVersion] = [:]

    init(_ database: Database, file: String) throws {
        let insertEntry = try RawStatement(
            database, "INSERT INTO entries (position, hash, event) VALUES (?, ?, ?)")
        let findKey = try RawStatement(
            database, "SELECT position FROM entries WHERE source = ? AND id = ?")
        let lastVersion = try RawStatement(
            database, "SELECT max(streamversion) FROM entries WHERE subject = ?")
        self.database = database
        self.file = file
        self.insertEntry = insertEntry
        self.findKey = findKey
        self.lastVersion = lastVersion
    }

    mutating func recorded(_ key: EventKey) throws(StoreError) -> RecordedEvent? {
        try StoreError.wrapping(file: file) {
            findKey.bind(key.source.text, at: 1)
            findKey.bind(key.id.text, at: 2)
            defer { findKey.reset() }
            guard try findKey.step() else { return nil }
            let found = try EntryRow.fetchOne(
                database, where: "e.position = ?", [findKey.int64(0)])
            return try found.map { try RecordedEvent($0) }
        }
    }

    mutating func version(of stream: StreamName) throws(StoreError) -> StreamVersion? {
        if let version = versions[stream] { return version }
        return try StoreError.wrapping(file: file) {
            lastVersion.bind(stream.text, at: 1)
            defer { lastVersion.reset() }
            guard try lastVersion.step(), !lastVersion.isNull(0) else { return nil }
            return StreamVersion(lastVersion.int64(0))
        }
    }

    mutating func holds(_ digest: Digest) throws(StoreError) -> Bool {
        try StoreError.wrapping(file: file) {
            try Bool.fetchOne(
                database, sql: "SELECT 1 FROM attachments WHERE digest = ?",
                arguments: [Data(digest.bytes)]) ?? false
        }
    }

    mutating func firstCheckpoint(covering position: Position) throws(StoreError) -> SignedNote {
        try StoreError.wrapping(file: file) { try database.firstCheckpoint(covering: position) }
    }

    mutating func insert(_ placed: PlacedEvent) throws(StoreError) {
        try StoreError.wrapping(file: file) {
            insertEntry.bind(Int64(placed.entry.position.value), at: 1)
            insertEntry.bind(placed.entry.hash, at: 2)
            placed.entry.eventBytes.withUnsafeBytes { insertEntry.bindText($0, at: 3) }
            try insertEntry.run()
            for subtree in placed.subtrees {
                try database.execute(
                    sql: "INSERT INTO subtree_hashes (level, number, hash) VALUES (?, ?, ?)",
                    arguments: [subtree.level, Int64(subtree.number), Data(subtree.root.bytes)])
            }
        }
        if let stream = placed.event.subject { versions[stream] = placed.version }
    }

    mutating func insert(_ checkpoint: SignedNote, size: TreeSize) throws(StoreError) {
        try StoreError.wrapping(file: file) {
            try database.execute(
                sql: "INSERT INTO checkpoints (size, note) VALUES (?, ?)",
                arguments: [Int64(size.value), checkpoint.description])
        }
    }
}
