import Dispatch
import EventSourcing
import Foundation
import GRDB
import LedgerCore

/// The embedded store: one SQLite file, written by any number of processes on one machine.
///
/// Durable: WAL with `synchronous=FULL`. Serialised: writers queue on a lock beside the file.
package final class SQLiteEventStore: EventStore {
    private let file: LedgerFile
    private let queue: DatabaseQueue
    private let writing: Writing?
    private let threading: Threading

    /// Where SQLite's blocking calls run.
    package enum Threading: Sendable {
        /// On the connection's own dispatch queue: for callers on the cooperative pool, which must
        /// not block.
        case own
        /// On the caller's thread: for a process that has nothing else to do meanwhile.
        case callers
    }

    /// What a store that may append has.
    private struct Writing {
        let signer: LedgerSigner
        let clock: @Sendable () -> Timestamp
        let patience: DispatchTimeInterval
    }

    private init(
        file: LedgerFile, queue: DatabaseQueue, writing: Writing?, threading: Threading
    ) {
        self.threading = threading
        self.file = file
        self.queue = queue
        self.writing = writing
    }

    /// Opens a ledger for reading. Media that cannot be written will do.
    package static func reading(
        _ file: LedgerFile, threading: Threading = .own
    ) throws(StoreError) -> SQLiteEventStore {
        let queue = try file.openForReading()
        try StoreError.wrapping(file: file.path) { try queue.read(file.checkHeader) }
        return SQLiteEventStore(file: file, queue: queue, writing: nil, threading: threading)
    }

    /// Opens a ledger for appending.
    ///
    /// - Parameters:
    ///   - key: The ledger's own signing key; another is refused (`notAllowed`).
    ///   - patience: How long an append waits for its turn before it is `busy`.
    package static func writing(
        _ file: LedgerFile, key: SigningKey, patience: DispatchTimeInterval = .seconds(30),
        threading: Threading = .own, clock: @escaping @Sendable () -> Timestamp
    ) throws(StoreError) -> SQLiteEventStore {
        try file.checkExists()
        let queue = try file.openForWriting()
        let origin = try StoreError.wrapping(file: file.path) {
            try queue.read { database in
                try file.checkHeader(database)
                let created = try database.ledgerIdentity()
                guard created.key.publicKey == key.publicKey else {
                    throw StoreError(
                        .notAllowed,
                        "the signing key is not the one of \(file.path), whose verifier key is "
                            + "\(created.key); name the right one with --key")
                }
                return created.origin
            }
        }
        let writing = Writing(
            signer: LedgerSigner(origin: origin, key: key), clock: clock, patience: patience)
        return SQLiteEventStore(file: file, queue: queue, writing: writing, threading: threading)
    }

    /// Makes a new ledger with its first entry. Made under another name and then moved into place,
    /// so that there is a whole ledger or none; a file that is there already is never replaced.
    package static func create(
        _ file: LedgerFile, signer: LedgerSigner, clock: @escaping @Sendable () -> Timestamp
    ) throws(StoreError) {
        try NewFile.make(at: file.path) { (draft: String) throws(StoreError) in
            let queue = try LedgerFile(draft).openForWriting()
            try StoreError.wrapping(file: file.path) {
                try queue.writeWithoutTransaction { database in
                    try database.execute(
                        sql: """
                            PRAGMA application_id = \(LedgerFile.applicationID);
                            PRAGMA user_version = \(LedgerFile.formatVersion);
                            """)
                    try database.inTransaction {
                        try database.execute(sql: LedgerFile.schema)
                        let created = try LedgerCreated(key: signer.verifierKey).draft(at: clock())
                        var sequencer = Sequencer(continuing: CompactRange(), after: nil)
                        var append = try SQLiteAppend(database, file: file.path)
                        _ = try append.append(
                            [created], expecting: .noStream, with: &sequencer, signer: signer,
                            clock: clock)
                        return .commit
                    }
                    // Last, so that there never is a log to move along.
                    try database.execute(sql: "PRAGMA journal_mode = WAL")
                }
                try queue.close()
            }
        }
    }

    /// Closes the file. Entries stand in the file itself afterwards, unless other processes have it
    /// open.
    ///
    /// SQLite copies its log into the file when the last connection closes. That copy is not
    /// synced, as the log, which is, stays in place and is read again by whoever opens next
    /// (docs/decisions/0003). A long log is folded in for good.
    package func close() throws(StoreError) {
        try StoreError.wrapping(file: file.path) {
            if writing != nil {
                try queue.writeWithoutTransaction { database in
                    if file.logSize > Self.longLog { try foldLog(database) }
                    try database.execute(sql: "PRAGMA synchronous = OFF")
                }
            }
            try queue.close()
        }
    }

    /// In bytes. Every opening reads the log, so a long one would slow each append down; folding
    /// one in costs three syncs.
    private static let longLog = 1 << 19

    /// Copies the log into the file, synced, and empties it, unless somebody is reading or writing
    /// just now: then whoever closes later will.
    private func foldLog(_ database: Database) throws {
        guard let turn = try? WriterQueue(file, patience: .seconds(0)) else { return }
        try database.execute(sql: "PRAGMA busy_timeout = 0")
        try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        _ = consume turn
    }
}

// MARK: - Appending

extension SQLiteEventStore {
    package func append(
        _ drafts: [EventDraft], expecting: ExpectedVersion, attaching attachments: [Attachment]
    ) async throws(StoreError) -> [Receipt] {
        try await write { database, writing in
            for attachment in attachments { try Self.keep(attachment, in: database) }
            let last = try database.lastEntry()
            let size = last.map { TreeSize(through: $0.position) } ?? .empty
            var tree = StoredTree(SQLiteHashes(database: database))
            var sequencer = Sequencer(
                continuing: try tree.compactRange(size),
                after: try last.map { try RecordedEvent($0) })
            var append = try SQLiteAppend(database, file: self.file.path)
            return try append.append(
                drafts, expecting: expecting, with: &sequencer, signer: writing.signer,
                clock: writing.clock)
        }
    }

    package func attach(_ attachment: Attachment) async throws(StoreError) {
        try await write { database, _ in try Self.keep(attachment, in: database) }
    }

    private static func keep(_ attachment: Attachment, in database: Database) throws {
        try database.execute(
            sql: "INSERT OR IGNORE INTO attachments (digest, bytes) VALUES (?, ?)",
            arguments: [Data(attachment.digest.bytes), Data(attachment.bytes)])
    }

    /// Runs a body in a write transaction, when the turn comes.
    private func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database, Writing) throws -> Value
    ) async throws(StoreError) -> Value {
        guard let writing else {
            throw StoreError(.notAllowed, "\(file.path) was opened for reading only")
        }
        let file = file
        do {
            let transaction: @Sendable (Database) throws -> Value = { database in
                let turn = try WriterQueue(file, patience: writing.patience)
                var value: Value?
                try database.inTransaction(.immediate) {
                    value = try body(database, writing)
                    return .commit
                }
                _ = consume turn
                guard let value else { throw StoreError(.damaged, "the append gave no answer") }
                return value
            }
            switch threading {
            case .own: return try await queue.writeWithoutTransaction(transaction)
            case .callers: return try queue.sync(writing: transaction)
            }
        } catch {
            throw StoreError(any: error, file: file.path)
        }
    }
}

// MARK: - Reading

extension SQLiteEventStore {
    package func entries(_ query: EntryQuery) async throws(StoreError) -> [Entry] {
        var conditions = ["e.position >= ?"]
        var arguments: StatementArguments = [Int64(clamping: query.from.value)]
        func require(_ condition: String, _ argument: some DatabaseValueConvertible) {
            conditions.append(condition)
            arguments += [argument]
        }
        if let end = query.end { require("e.position < ?", Int64(clamping: end.value)) }
        if let stream = query.stream { require("e.subject = ?", stream.text) }
        if let type = query.type { require("e.type = ?", type.text) }
        if let source = query.source { require("e.source = ?", source.text) }
        if let id = query.id { require("e.id = ?", id.text) }
        arguments += [query.limit]
        let sql = """
            \(EntryRow.select) WHERE \(conditions.joined(separator: " AND "))
            ORDER BY e.position \(query.isNewestFirst ? "DESC" : "ASC") LIMIT ?
            """
        return try await read { [arguments] database in
            try Row.fetchAll(database, sql: sql, arguments: arguments).map(EntryRow.entry)
        }
    }

    package func head() async throws(StoreError) -> LedgerHead {
        try await read { database in
            guard let last = try database.lastEntry() else {
                throw StoreError(.damaged, "the ledger is empty")
            }
            let size = TreeSize(through: last.position)
            var tree = StoredTree(SQLiteHashes(database: database))
            return LedgerHead(
                origin: try database.ledgerIdentity().origin, size: size, root: try tree.root(size),
                hash: last.hash)
        }
    }

    package func checkpoint() async throws(StoreError) -> SignedNote {
        try await read { try $0.newestCheckpoint() }
    }

    /// The verifier key and the origin that the ledger itself states.
    package func identity() async throws(StoreError) -> LedgerCreated {
        try await read { try $0.ledgerIdentity() }
    }

    package func proveInclusion(
        of position: Position
    ) async throws(StoreError) -> TransparencyProof {
        try await read { database in
            try Self.proofMaker(database).inclusion(
                of: position, in: SQLiteHashes(database: database))
        }
    }

    package func proveConsistency(from old: TreeSize) async throws(StoreError) -> WitnessRequest {
        try await read { database in
            try Self.proofMaker(database).consistency(
                from: old, in: SQLiteHashes(database: database))
        }
    }

    package func checkpoint(of size: TreeSize) async throws(StoreError) -> SignedNote? {
        try await read { try $0.checkpoint(of: size) }
    }

    package func inclusionProofs(
        of positions: [Position], in size: TreeSize
    ) async throws(StoreError) -> [InclusionProof] {
        try await read { database in
            try database.checkReached(size)
            let hashes = SQLiteHashes(database: database)
            return try positions.map { try ProofMaker.inclusion(of: $0, in: size, hashes) }
        }
    }

    package func consistencyProof(
        from old: TreeSize, to size: TreeSize
    ) async throws(StoreError) -> ConsistencyProof {
        try await read { database in
            try database.checkReached(size)
            let hashes = SQLiteHashes(database: database)
            return try ProofMaker.consistency(from: old, to: size, hashes)
        }
    }

    private static func proofMaker(_ database: Database) throws -> ProofMaker {
        let note = try database.newestCheckpoint()
        do throws(NoteError) {
            return ProofMaker(size: try Checkpoint(parsing: note.text).size, checkpoint: note)
        } catch {
            throw StoreError(.damaged, "the newest checkpoint: \(error)")
        }
    }

    package func attachment(_ digest: Digest) async throws(StoreError) -> Attachment? {
        try await read { database in
            let bytes = try Data.fetchOne(
                database, sql: "SELECT bytes FROM attachments WHERE digest = ?",
                arguments: [Data(digest.bytes)])
            guard let bytes else { return nil }
            let attachment = Attachment(Array(bytes))
            guard attachment.digest == digest else {
                throw StoreError(.damaged, "the bytes of \(digest.reference) were changed")
            }
            return attachment
        }
    }

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        do {
            switch threading {
            case .own: return try await queue.read(body)
            case .callers: return try queue.sync(reading: body)
            }
        } catch {
            throw StoreError(any: error, file: file.path)
        }
    }
}

extension DatabaseQueue {
    // In an async function the compiler prefers the asynchronous namesakes of these.

    fileprivate func sync<Value>(reading body: (Database) throws -> Value) throws -> Value {
        try read(body)
    }

    fileprivate func sync<Value>(writing body: (Database) throws -> Value) throws -> Value {
        try writeWithoutTransaction(body)
    }
}
