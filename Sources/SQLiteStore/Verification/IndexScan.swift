import EventSourcing
import Foundation
import GRDB
import LedgerCore

/// Walks the three indexes of a ledger in their own order: that keys are unique, that streams count
/// 1, 2, 3 …, and that an index says of the entries what their events say.
struct IndexScan {
    enum Index: CaseIterable {
        case keys
        case streams
        case types
    }

    struct Outcome: Sendable {
        var findings: [Finding] = []
        var sum: UInt64 = 0
        /// Of entries before the end.
        var rows = 0
        /// Rows of other positions that no entry has.
        var strays = 0
        /// Whether the rows came in the index's order; if not, looking something up does not find
        /// it.
        var isOrdered = true
    }

    let end: Int64
    let salt: UInt64
    /// Positions whose events take no part.
    let unreadable: Set<Int64>
    let schema: SchemaCheck

    func run(_ index: Index, _ database: Database) throws -> Outcome {
        switch index {
        case .keys: try scanKeys(database)
        case .streams: try scanStreams(database)
        case .types: try scanTypes(database)
        }
    }

    /// In the index's order if it is there; else SQLite sorts what it computes from the events.
    private func rows(
        _ database: Database, _ columns: String, index: String
    ) throws -> RawStatement {
        try RawStatement(
            database,
            """
            SELECT position, \(columns) FROM entries \(schema.way(index))
            ORDER BY \(columns), position
            """)
    }

    /// Whether a row is of an entry that this run looks at. Others may be of entries that were
    /// appended meanwhile, or of none.
    private func counts(
        _ position: Int64, _ database: Database, _ outcome: inout Outcome
    ) throws -> Bool {
        guard position >= 0, position < end else {
            var entry = try RawStatement(
                database, "SELECT 1 FROM entries NOT INDEXED WHERE position = ?")
            entry.bind(position, at: 1)
            if try !entry.step() { outcome.strays += 1 }
            return false
        }
        outcome.rows += 1
        return !unreadable.contains(position)
    }

    private func scanKeys(_ database: Database) throws -> Outcome {
        var outcome = Outcome()
        var rows = try rows(database, "source, id", index: "entries_by_key")
        var last = Pair()
        while try rows.step() {
            let position = rows.int64(0)
            guard try counts(position, database, &outcome), let source = rows.text(1),
                let id = rows.text(2)
            else { continue }
            outcome.sum &+= IndexSums.row(salt, position, source, id)
            if !last.isBefore(source, id, at: position) { outcome.isOrdered = false }
            if last.isSame(source, id) {
                outcome.findings.append(
                    Finding(.key, at: position, "an earlier entry has the same source and id"))
            }
            last.keep(source, id, at: position)
        }
        return outcome
    }

    private func scanStreams(_ database: Database) throws -> Outcome {
        var outcome = Outcome()
        var rows = try rows(database, "subject, streamversion", index: "entries_by_stream")
        var stream: Pair?
        var last = (version: Int64.min, position: Int64(-1))
        var isInOrder = true
        while try rows.step() {
            let position = rows.int64(0)
            guard try counts(position, database, &outcome), let subject = rows.text(1),
                rows.isInteger(2)
            else { continue }
            let version = rows.int64(2)
            outcome.sum &+= IndexSums.row(salt, position, subject, version: version)
            if stream?.isSame(subject) != true {
                if let stream, !stream.isBefore(subject, at: position) { outcome.isOrdered = false }
                if let stream, !isInOrder {
                    outcome.findings += try recount(stream.first, database)
                }
                stream = Pair(subject)
                last = (.min, -1)
                isInOrder = true
            }
            let expected = last.version == .min ? 1 : last.version &+ 1
            if version != expected || position <= last.position { isInOrder = false }
            if (version, position) <= last { outcome.isOrdered = false }
            last = (version, position)
        }
        if let stream, !isInOrder { outcome.findings += try recount(stream.first, database) }
        return outcome
    }

    /// Counts a stream in the order of the log, to name the entries that are out of step.
    private func recount(_ stream: [UInt8], _ database: Database) throws -> [Finding] {
        var rows = try RawStatement(
            database,
            """
            SELECT position, streamversion FROM entries WHERE subject = ? AND position < ?
            ORDER BY position
            """)
        stream.withUnsafeBytes { rows.bindText($0, at: 1) }
        rows.bind(end, at: 2)
        var findings: [Finding] = []
        var expected: Int64 = 1
        while try rows.step() {
            let position = rows.int64(0)
            guard !unreadable.contains(position) else { continue }
            let version = rows.int64(1)
            if version != expected {
                findings.append(
                    Finding(
                        .stream, at: position, "streamversion is \(version), \(expected) was next"))
            }
            expected = version &+ 1
        }
        return findings
    }

    private func scanTypes(_ database: Database) throws -> Outcome {
        var outcome = Outcome()
        var rows = try rows(database, "type", index: "entries_by_type")
        var last = Pair()
        while try rows.step() {
            let position = rows.int64(0)
            guard try counts(position, database, &outcome), let type = rows.text(1) else {
                continue
            }
            outcome.sum &+= IndexSums.row(salt, position, type)
            if !last.isBefore(type, at: position) { outcome.isOrdered = false }
            last.keep(type, at: position)
        }
        return outcome
    }
}

/// The row before, in an index of one or two texts.
private struct Pair {
    private(set) var first: [UInt8] = []
    private var second: [UInt8] = []
    private var position: Int64 = -1

    init() {}

    init(_ first: UnsafeRawBufferPointer) { self.first = Array(first) }

    mutating func keep(
        _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer? = nil, at position: Int64
    ) {
        if Self.order(self.first, first) != 0 { self.first = Array(first) }
        if let second {
            self.second.removeAll(keepingCapacity: true)
            self.second.append(contentsOf: second)
        }
        self.position = position
    }

    func isSame(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer? = nil) -> Bool {
        Self.order(self.first, first) == 0
            && (second.map { Self.order(self.second, $0) == 0 } ?? true)
    }

    /// Whether a row comes after this one, in the order of SQLite's BINARY collation.
    func isBefore(
        _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer? = nil, at position: Int64
    ) -> Bool {
        var order = Self.order(self.first, first)
        if order == 0, let second { order = Self.order(self.second, second) }
        return order < 0 || order == 0 && self.position < position
    }

    private static func order(_ kept: [UInt8], _ bytes: UnsafeRawBufferPointer) -> Int {
        let order = kept.withUnsafeBytes { kept in
            guard let left = kept.baseAddress, let right = bytes.baseAddress else {
                return Int32(0)
            }
            return memcmp(left, right, min(kept.count, bytes.count))
        }
        return order != 0 ? Int(order) : kept.count - bytes.count
    }
}
