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
    }

    let end: Int64
    let salt: UInt64
    /// Positions whose events take no part.
    let unreadable: Set<Int64>

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
        let isThere = try database.indexes(on: "entries").contains { $0.name == index }
        var statement = try RawStatement(
            database,
            """
            SELECT position, \(columns) FROM entries \(isThere ? "INDEXED BY \(index)" : "")
            WHERE position < ? ORDER BY \(columns), position
            """)
        statement.bind(end, at: 1)
        return statement
    }

    private func scanKeys(_ database: Database) throws -> Outcome {
        var outcome = Outcome()
        var rows = try rows(database, "source, id", index: "entries_by_key")
        var last = Pair()
        while try rows.step() {
            let position = rows.int64(0)
            guard !unreadable.contains(position), let source = rows.text(1), let id = rows.text(2)
            else { continue }
            outcome.sum &+= IndexSums.row(salt, position, source, id)
            if last.isSame(source, id) {
                outcome.findings.append(
                    Finding(.key, at: position, "an earlier entry has the same source and id"))
            }
            last.keep(source, id)
        }
        return outcome
    }

    private func scanStreams(_ database: Database) throws -> Outcome {
        var outcome = Outcome()
        var rows = try rows(database, "subject, streamversion", index: "entries_by_stream")
        var stream: Pair?
        var last = (version: Int64(0), position: Int64(-1))
        var isInOrder = true
        while try rows.step() {
            let position = rows.int64(0)
            guard !unreadable.contains(position), let subject = rows.text(1), rows.isInteger(2)
            else { continue }
            let version = rows.int64(2)
            outcome.sum &+= IndexSums.row(salt, position, subject, version: version)
            if stream?.isSame(subject) != true {
                if let stream, !isInOrder {
                    outcome.findings += try recount(stream.first, database)
                }
                stream = Pair(subject)
                last = (0, -1)
                isInOrder = true
            }
            if version != last.version + 1 || position <= last.position { isInOrder = false }
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
        while try rows.step() {
            let position = rows.int64(0)
            guard !unreadable.contains(position), let type = rows.text(1) else { continue }
            outcome.sum &+= IndexSums.row(salt, position, type)
        }
        return outcome
    }
}

/// One or two texts of the row before.
private struct Pair {
    private(set) var first: [UInt8] = []
    private var second: [UInt8] = []

    init() {}

    init(_ first: UnsafeRawBufferPointer) { self.first = Array(first) }

    mutating func keep(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) {
        if !Self.isSame(self.first, first) { self.first = Array(first) }
        self.second.removeAll(keepingCapacity: true)
        self.second.append(contentsOf: second)
    }

    func isSame(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer? = nil) -> Bool {
        Self.isSame(self.first, first) && (second.map { Self.isSame(self.second, $0) } ?? true)
    }

    private static func isSame(_ kept: [UInt8], _ bytes: UnsafeRawBufferPointer) -> Bool {
        kept.count == bytes.count
            && kept.withUnsafeBytes { kept in
                guard let left = kept.baseAddress, let right = bytes.baseAddress else {
                    return true
                }
                return memcmp(left, right, kept.count) == 0
            }
    }
}
