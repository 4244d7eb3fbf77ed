import EventSourcing
import Foundation
import GRDB
import LedgerCore

/// Read models in a SQLite file beside the ledger. Losing it, or its last commits, loses nothing:
/// the log folds again.
package final class SQLiteReadModelStore: ReadModelStore {
    private let path: String
    private let queue: DatabaseQueue
    /// Whether one transaction is open for as long as this lives.
    private let isSnapshot: Bool

    /// Opens `<ledger>-models`, and makes it if it is not there.
    package init(beside ledger: LedgerFile) throws(StoreError) {
        let path = ledger.readModelsPath
        self.path = path
        isSnapshot = false
        queue = try StoreError.wrapping(file: path) {
            let queue = try DatabaseQueue(path: path, configuration: Self.configuration)
            try queue.writeWithoutTransaction { database in
                try database.execute(
                    sql: """
                        PRAGMA journal_mode = WAL;
                        CREATE TABLE IF NOT EXISTS cursors (
                            projection TEXT PRIMARY KEY, position INTEGER NOT NULL,
                            hash BLOB NOT NULL, version INTEGER NOT NULL
                        ) STRICT, WITHOUT ROWID;
                        CREATE TABLE IF NOT EXISTS documents (
                            projection TEXT NOT NULL, key TEXT NOT NULL, document TEXT NOT NULL,
                            PRIMARY KEY (projection, key)
                        ) STRICT, WITHOUT ROWID;
                        """)
            }
            return queue
        }
    }

    /// Those beside the ledger; where nothing can be written, as on read-only media, the log is folded
    /// into memory each time.
    package static func open(
        beside ledger: LedgerFile
    ) throws(StoreError) -> any ReadModelStore {
        do throws(StoreError) {
            return try SQLiteReadModelStore(beside: ledger)
        } catch {
            let folder = (ledger.readModelsPath as NSString).deletingLastPathComponent
            guard !FileManager.default.isWritableFile(atPath: folder) else { throw error }
            return InMemoryReadModelStore()
        }
    }

    private init(snapshotOf path: String) throws(StoreError) {
        self.path = path
        isSnapshot = true
        queue = try StoreError.wrapping(file: path) {
            var configuration = Self.configuration
            configuration.readonly = true
            configuration.allowsUnsafeTransactions = true
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.inDatabase { database in
                try database.execute(sql: "BEGIN")
                // What it sees is settled by its first read.
                _ = try Row.fetchOne(database, sql: "SELECT 1 FROM cursors")
            }
            return queue
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = NORMAL") }
        return configuration
    }

    package func snapshot() async throws(StoreError) -> any ReadModels {
        try SQLiteReadModelStore(snapshotOf: path)
    }

    package func cursor(of projection: String) async throws(StoreError) -> ProjectionCursor? {
        try await access { try Self.cursor(of: projection, in: $0) }
    }

    private static func cursor(
        of projection: String, in database: Database
    ) throws -> ProjectionCursor? {
        let row = try Row.fetchOne(
            database, sql: "SELECT position, hash, version FROM cursors WHERE projection = ?",
            arguments: [projection])
        guard let row, let position = UInt64(exactly: row[0] as Int64),
            let hash = Digest(Array(row[1] as Data))
        else { return nil }
        return ProjectionCursor(position: Position(position), hash: hash, version: row[2])
    }

    package func documents(
        of projection: String, _ keys: Set<DocumentKey>
    ) async throws(StoreError) -> [DocumentKey: JSONValue] {
        try await access { database in
            let statement = try database.cachedStatement(
                sql: "SELECT document FROM documents WHERE projection = ? AND key = ?")
            var found: [DocumentKey: JSONValue] = [:]
            for key in keys {
                let text = try String.fetchOne(statement, arguments: [projection, key.text])
                if let text { found[key] = try Self.document(text) }
            }
            return found
        }
    }

    package func allDocuments(
        of projection: String
    ) async throws(StoreError) -> [(DocumentKey, JSONValue)] {
        try await access { database in
            try Row.fetchAll(
                database,
                sql: "SELECT key, document FROM documents WHERE projection = ? ORDER BY key",
                arguments: [projection]
            ).map { (DocumentKey($0[0]), try Self.document($0[1])) }
        }
    }

    package func documents(
        of projection: String, from key: DocumentKey, limit: Int
    ) async throws(StoreError) -> [(key: DocumentKey, document: JSONValue)] {
        try await access { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT key, document FROM documents WHERE projection = ? AND key >= ?
                    ORDER BY key LIMIT ?
                    """,
                arguments: [projection, key.text, limit]
            ).map { (key: DocumentKey($0[0]), document: try Self.document($0[1])) }
        }
    }

    package func commit(
        _ changes: [DocumentKey: JSONValue?], cursor: ProjectionCursor, of projection: String,
        after known: ProjectionCursor?
    ) async throws(StoreError) {
        try await access { database in
            guard try Self.cursor(of: projection, in: database) == known else {
                throw StoreError.staleFold(of: projection)
            }
            try Self.keep(changes, cursor, of: projection, in: database)
        }
    }

    package func replace(
        _ documents: [DocumentKey: JSONValue], cursor: ProjectionCursor, of projection: String
    ) async throws(StoreError) {
        try await access { database in
            try Self.reset(projection, in: database)
            try Self.keep(documents.mapValues { $0 }, cursor, of: projection, in: database)
        }
    }

    private static func keep(
        _ changes: [DocumentKey: JSONValue?], _ cursor: ProjectionCursor, of projection: String,
        in database: Database
    ) throws {
        let keep = try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO documents VALUES (?, ?, ?)")
        let delete = try database.cachedStatement(
            sql: "DELETE FROM documents WHERE projection = ? AND key = ?")
        for (key, document) in changes {
            if let document {
                try keep.execute(
                    arguments: [projection, key.text, CanonicalJSONWriter.text(of: document)])
            } else {
                try delete.execute(arguments: [projection, key.text])
            }
        }
        try database.execute(
            sql: "INSERT OR REPLACE INTO cursors VALUES (?, ?, ?, ?)",
            arguments: [
                projection, Int64(cursor.position.value), Data(cursor.hash.bytes),
                cursor.version,
            ])
    }

    package func reset(_ projection: String) async throws(StoreError) {
        try await access { try Self.reset(projection, in: $0) }
    }

    private static func reset(_ projection: String, in database: Database) throws {
        for table in ["documents", "cursors"] {
            try database.execute(
                sql: "DELETE FROM \(table) WHERE projection = ?", arguments: [projection])
        }
    }

    private static func document(_ text: String) throws -> JSONValue {
        try StrictJSONParser.parse(Array(text.utf8), integers: .asStored)
    }

    /// In one transaction.
    private func access<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        do {
            guard isSnapshot else { return try await queue.write(body) }
            return try await queue.writeWithoutTransaction(body)
        } catch {
            throw StoreError(any: error, file: path)
        }
    }
}
