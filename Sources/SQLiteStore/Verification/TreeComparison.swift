import EventSourcing
import GRDB
import LedgerCore

/// Builds the tree of a log from its entry hashes, in order, and compares what the ledger keeps of
/// it: subtree hashes and checkpoints.
struct TreeComparison {
    /// A row of `checkpoints` with the root that the entries give at its size.
    struct StoredCheckpoint: Sendable {
        let size: Int64
        let note: [UInt8]
        let root: CheckpointCheck.Root

        func finding(_ check: CheckpointCheck) -> Finding? {
            var fault: String?
            do throws(NoteError) {
                fault = check.fault(
                    try SignedNote(parsing: note), size: TreeSize(UInt64(clamping: size)),
                    root: root)
            } catch {
                fault = error.description
            }
            return fault.map {
                Finding(.checkpoint, at: size > 0 ? size - 1 : nil, "the checkpoint: \($0)")
            }
        }
    }

    /// Only known at the end, for what is not complete may be so because of a gap.
    var findings: [Finding] { isWhole ? differing + incomplete : differing }
    /// The size of the newest checkpoint; 0 if there is none.
    private(set) var newestCheckpoint: Int64 = 0

    /// What is not a table of the format is not read.
    var schema: SchemaCheck?

    /// Whether no entry was missing so far.
    private(set) var isWhole = true

    private var differing: [Finding] = []
    private var incomplete: [Finding] = []
    private var range = CompactRange()
    /// The size of the last checkpoint that was passed.
    private var passed: Int64 = 0
    private var wanted: [TreeSize: Digest?] = [:]
    private var checkpoints: [StoredCheckpoint] = []

    /// The root of all entries; nil if some are missing.
    var root: Digest? {
        var hasher = TreeHasher()
        return isWhole ? range.root(with: &hasher) : nil
    }

    func root(at size: TreeSize) -> CheckpointCheck.Root {
        (wanted[size] ?? nil).map { .known($0) } ?? .unknown
    }

    /// Asks for the roots of some sizes, before any leaf is appended.
    mutating func want(_ sizes: [TreeSize]) {
        for size in sizes { wanted[size] = .some(nil) }
        if wanted[.empty] != nil { wanted[.empty] = TreeHasher.emptyRoot }
    }

    /// Looks at the checkpoints beyond the end, in the same reading that has fixed the end.
    mutating func surveyCheckpoints(_ database: Database, end: Int64, isQuick: Bool) throws {
        newestCheckpoint =
            try Int64.fetchOne(database, sql: "SELECT max(size) FROM checkpoints") ?? 0
        let beyond = try Row.fetchCursor(
            database,
            sql: "SELECT size, note FROM checkpoints WHERE size > ? OR size < ? ORDER BY size DESC",
            arguments: [end, isQuick ? Int64.min : 1])
        while let row = try beyond.next() {
            let note = try row.withUnsafeData(atIndex: 1) { Array($0 ?? .init()) }
            checkpoints.append(StoredCheckpoint(size: row[0], note: note, root: .beyondEnd))
            if isQuick { break }
        }
    }

    /// Looks at the subtrees that are not complete at the end.
    mutating func surveySubtrees(_ database: Database, end: Int64) throws {
        let extra = try Row.fetchCursor(
            database,
            sql: """
                SELECT level, number FROM subtree_hashes
                WHERE level < 1 OR number < 0 OR number >= ? >> (8 * min(level, 8))
                """,
            arguments: [end])
        while let row = try extra.next() {
            let (level, number): (Int64, Int64) = (row[0], row[1])
            incomplete.append(
                Finding(.subtree, at: nil, "level \(level), number \(number) is not complete"))
        }
    }

    /// Takes leaves that follow the ones before; none after `breakOff`.
    mutating func append(_ leaves: [Digest], isQuick: Bool, _ database: Database) throws {
        guard isWhole else { return }
        let start = Int64(range.size.value)
        let through = start + Int64(leaves.count)
        var rows = try checkpointRows(database, after: start, through: through, isQuick: isQuick)
        var next = try rows?.next()
        var hasher = TreeHasher()
        var completed: [(level: Int, number: UInt64, root: Digest)] = []
        for leaf in leaves {
            let position = range.size.value
            range.append(leaf, with: &hasher) { height, root in
                guard height.isMultiple(of: 8) else { return }
                completed.append((height / 8, position >> UInt64(height), root))
            }
            let size = range.size
            if wanted[size] != nil { wanted[size] = range.root(with: &hasher) }
            while let (at, note) = next, at == Int64(size.value) {
                checkpoints.append(
                    StoredCheckpoint(
                        size: at, note: note, root: .known(range.root(with: &hasher))))
                next = try rows?.next()
            }
        }
        passed = through
        guard schema?.holds("subtree_hashes") != false else { return }
        for subtree in completed { try compare(subtree, database) }
    }

    private mutating func compare(
        _ subtree: (level: Int, number: UInt64, root: Digest), _ database: Database
    ) throws {
        let hashes = SQLiteHashes(database: database)
        let stored = try? hashes.hashes(
            level: subtree.level, numbers: subtree.number..<(subtree.number + 1)
        ).first
        guard stored != subtree.root else { return }
        let what = stored == nil ? "is missing" : "is not the root of its entries"
        differing.append(
            Finding(
                .subtree, at: nil,
                "the hash of level \(subtree.level), number \(subtree.number) \(what)"))
    }

    private func checkpointRows(
        _ database: Database, after: Int64, through: Int64, isQuick: Bool
    ) throws -> CheckpointRows? {
        guard schema?.holds("checkpoints") != false else { return nil }
        return try CheckpointRows(
            database, after: isQuick ? max(after, newestCheckpoint - 1) : after, through: through)
    }

    /// Passes some checkpoints of sizes whose roots are not known; false if there was none left.
    mutating func passCheckpoints(
        _ database: Database, through: Int64, isQuick: Bool
    ) throws -> Bool {
        var rows = try checkpointRows(database, after: passed, through: through, isQuick: isQuick)
        while checkpoints.count < 4096, let (size, note) = try rows?.next() {
            checkpoints.append(StoredCheckpoint(size: size, note: note, root: .unknown))
            passed = size
        }
        return !checkpoints.isEmpty
    }

    /// From here on nothing is known of the tree.
    mutating func breakOff() { isWhole = false }

    /// The checkpoints that were passed since the last call.
    mutating func takeCheckpoints() -> [StoredCheckpoint] {
        defer { checkpoints = [] }
        return checkpoints
    }
}

/// Rows of `checkpoints` in order of size.
private struct CheckpointRows: ~Copyable {
    private var rows: RawStatement

    init(_ database: Database, after: Int64, through: Int64) throws {
        rows = try RawStatement(
            database,
            "SELECT size, note FROM checkpoints WHERE size > ? AND size <= ? ORDER BY size")
        rows.bind(after, at: 1)
        rows.bind(through, at: 2)
    }

    mutating func next() throws -> (size: Int64, note: [UInt8])? {
        guard try rows.step() else { return nil }
        return (rows.int64(0), rows.text(1).map { Array($0) } ?? [])
    }
}
