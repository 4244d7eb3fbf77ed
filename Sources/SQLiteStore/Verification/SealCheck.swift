import EventSourcing
import GRDB
import LedgerCore

/// That every seal commits the index that the entries before it have (docs/spec/index.md).
///
/// The keys are walked in order, each with the positions of its entries, and for every seal a
/// compact range takes a leaf of each key: memory stays the same however many keys there are.
struct SealCheck {
    /// How many entries the log has.
    let end: Int64
    /// From here on an entry has no known keys.
    let known: Int64
    /// Whether the indexes say what the events say, and the versions of a stream ascend. Else the
    /// columns are computed anew from the events.
    let hasSoundIndexes: Bool

    func findings(_ database: Database) throws -> [Finding] {
        var findings: [Finding] = []
        var seals = try seals(database, &findings)
        seals.removeAll { Int64(clamping: $0.sealed.size.value) > known }
        guard !seals.isEmpty else { return findings }
        seals.sort { $0.sealed.size < $1.sealed.size }
        let indexes = try indexes(of: seals.map(\.sealed.size), database)
        for (seal, index) in zip(seals, indexes) {
            guard let index, index != seal.sealed.index else { continue }
            let position = Int64(clamping: seal.position.value)
            findings.append(
                Finding(
                    .seal, at: position,
                    "the index of \(seal.sealed.size) entries has \(index.keys) keys and the root "
                        + "\(index.root), not what the seal says"))
        }
        return findings
    }

    private func seals(
        _ database: Database, _ findings: inout [Finding]
    ) throws -> [RecordedSeal] {
        let sql = """
            \(EntryRow.select) \(hasSoundIndexes ? "" : "NOT INDEXED")
            WHERE \(hasSoundIndexes ? "e.type" : "CASE WHEN json_valid(e.event) THEN e.type END") = ?
                AND e.position >= 0 AND e.position < ?
            """
        var seals: [RecordedSeal] = []
        let rows = try Row.fetchCursor(
            database, sql: sql, arguments: [LedgerSealed.definition.type.text, end])
        while let row = try rows.next() {
            let position: Int64 = row[0]
            // What is no entry at all has findings of its own.
            guard let entry = try? EntryRow.entry(row), (try? RecordedEvent(entry)) != nil else {
                continue
            }
            do throws(EventError) {
                seals.append(try RecordedSeal(entry))
            } catch {
                findings.append(Finding(.seal, at: position, error.description))
            }
        }
        return seals
    }

    /// The index at each of the sizes, which ascend; nil from where a hash cannot be read.
    private func indexes(of sizes: [TreeSize], _ database: Database) throws -> [IndexRoot?] {
        let ends = sizes.map { Int64(clamping: $0.value) }
        var walk = Walk(ends: ends)
        var hashes = try RawStatement(database, "SELECT hash FROM entries WHERE position = ?")
        // In byte order "subject:" comes before "type:".
        for (prefix, name, order) in [
            ("subject:", "subject", "streamversion"), ("type:", "type", "position"),
        ] {
            var rows = try RawStatement(
                database,
                """
                SELECT \(name), position FROM entries \(hasSoundIndexes ? "" : "NOT INDEXED")
                WHERE \(name) IS NOT NULL AND position >= 0 AND position < \(ends.last ?? 0)
                ORDER BY 1, \(hasSoundIndexes ? order : "position")
                """)
            while try rows.step() {
                guard let key = rows.text(0) else { continue }
                let position = rows.int64(1)
                hashes.bind(position, at: 1)
                defer { hashes.reset() }
                let hash = try hashes.step() ? hashes.digest(0) : nil
                walk.take(hash, at: position, prefix, key)
            }
            walk.endKey()
        }
        return walk.indexes
    }
}

/// The indexes of several sizes, built side by side.
private struct Walk: ~Copyable {
    private let ends: [Int64]
    private var ranges: [CompactRange]
    private var key: [UInt8] = []
    private var tally = KeyTally.none
    /// The first of `ends` that the key's next entry may be below.
    private var next = 0
    private var unreadable = Int64.max
    private var hasher = IndexHasher()
    private var tree = TreeHasher()

    init(ends: [Int64]) {
        self.ends = ends
        ranges = ends.map { _ in CompactRange() }
    }

    mutating func take(
        _ hash: Digest?, at position: Int64, _ prefix: String, _ text: UnsafeRawBufferPointer
    ) {
        if !key.elementsEqual(Walk.bytes(prefix, text)) {
            endKey()
            key = Walk.bytes(prefix, text)
        }
        guard let hash else {
            unreadable = min(unreadable, position)
            return
        }
        // The seals that end before this entry have seen all that they cover of the key.
        let from = next
        while next < ends.count, ends[next] <= position { next += 1 }
        addLeaf(to: from..<next)
        tally.add(hash, with: &hasher)
    }

    mutating func endKey() {
        addLeaf(to: next..<ends.count)
        tally = .none
        next = 0
        key = []
    }

    private mutating func addLeaf(to seals: Range<Int>) {
        guard tally.count > 0, !seals.isEmpty else { return }
        let leaf = IndexLeaf(key: IndexKey(String(decoding: key, as: UTF8.self)), tally: tally)
        let hash = hasher.leaf(leaf)
        for seal in seals { ranges[seal].append(hash, with: &tree) }
    }

    var indexes: [IndexRoot?] {
        mutating get {
            var indexes: [IndexRoot?] = []
            for (end, range) in zip(ends, ranges) {
                let root = IndexRoot(keys: range.size, root: range.root(with: &tree))
                indexes.append(end > unreadable ? nil : root)
            }
            return indexes
        }
    }

    private static func bytes(_ prefix: String, _ text: UnsafeRawBufferPointer) -> [UInt8] {
        Array(prefix.utf8) + text
    }
}
