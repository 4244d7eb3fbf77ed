import EventSourcing
import GRDB
import LedgerCore

/// Checks a run of entries, row by row: what each worker of a verification does.
struct EntryScan {
    /// What a run of rows came to.
    struct Outcome: Sendable {
        var findings: [Finding] = []
        /// The stored hashes, in order, up to the first gap.
        var leaves: [Digest] = []
        var rows = 0
        /// Positions without a row, before the last row.
        var gaps: [Range<Int64>] = []
        /// Whether every row could be read.
        var isReadable = true
        var firstTime: (time: Timestamp, position: Int64)?
        var lastTime: Timestamp?
        /// The position after the last row that was read.
        var next: Int64 = 0
        var index = IndexSums()
        /// Entries whose events could not be read, and so take no part in what compares entries.
        var unreadable: [Int64] = []
    }

    /// In rows: enough to make a worker's start cheap, few enough to keep memory flat.
    static let length: Int64 = 4096

    let isQuick: Bool
    let salt: UInt64
    /// Whether there is a table of attachments to look into.
    let holdsAttachments: Bool

    /// - Parameters:
    ///   - from: The position that the first row must have.
    ///   - end: The first position that is not looked at.
    func run(_ database: Database, from: Int64, end: Int64) -> Outcome {
        var outcome = Outcome()
        outcome.next = from
        do {
            try scan(database, from: from, end: end, &outcome)
        } catch {
            outcome.isReadable = false
            outcome.findings.append(Finding(.storage, at: outcome.next, "unreadable: \(error)"))
        }
        return outcome
    }

    private func scan(
        _ database: Database, from: Int64, end: Int64, _ outcome: inout Outcome
    ) throws {
        var hasher = EntryHasher()
        var previous = try hash(database, before: from)
        var expected = from
        var rows = try RawStatement(
            database,
            "SELECT position, hash, event FROM entries WHERE position >= ? AND position < ? ORDER BY position LIMIT ?"
        )
        rows.bind(from, at: 1)
        rows.bind(end, at: 2)
        rows.bind(Self.length, at: 3)
        var holds = try RawStatement(
            database,
            holdsAttachments
                ? "SELECT 1 FROM attachments WHERE digest = ?" : "SELECT 1 WHERE ? ISNULL")
        while try rows.step() {
            let position = rows.int64(0)
            guard position >= expected else {
                outcome.isReadable = false
                outcome.findings.append(
                    Finding(.storage, at: expected, "row \(position) is out of order"))
                return
            }
            if position != expected {
                previous = nil
                outcome.gaps.append(expected..<position)
            }
            expected = position &+ 1
            outcome.next = expected
            outcome.rows += 1
            let stored = rows.digest(1)
            if outcome.gaps.isEmpty { outcome.leaves.append(stored ?? .zero) }
            let event = rows.text(2)
            if let stored, let event {
                if let previous, hasher.hash(previous: previous, eventBytes: event) != stored {
                    outcome.findings.append(
                        Finding(
                            .hash, at: position,
                            "the entry hash is not that of the previous hash and the event"))
                }
            } else {
                outcome.findings.append(
                    Finding(
                        .hash, at: position, "the row holds no hash of 32 bytes, or no event text"))
            }
            previous = stored
            if !isQuick, let event { try check(event, at: position, &holds, &outcome) }
            if event == nil { outcome.unreadable.append(position) }
        }
    }

    private func hash(_ database: Database, before position: Int64) throws -> Digest? {
        guard position != 0 else { return .zero }
        var statement = try RawStatement(
            database, "SELECT hash FROM entries WHERE position = ?")
        statement.bind(position &- 1, at: 1)
        return try statement.step() ? statement.digest(0) : nil
    }

    private func check(
        _ event: UnsafeRawBufferPointer, at position: Int64, _ holds: inout RawStatement,
        _ outcome: inout Outcome
    ) throws {
        try EventCheck.check(event) { result in
            switch result {
            case .bad(let kind, let detail):
                outcome.findings.append(Finding(kind, at: position, detail))
                outcome.unreadable.append(position)
            case .good(let facts):
                try compare(facts, at: position, &holds, &outcome)
            }
        }
    }

    private func compare(
        _ facts: EventFacts, at position: Int64, _ holds: inout RawStatement,
        _ outcome: inout Outcome
    ) throws {
        outcome.index.add(facts, at: position, salt: salt)
        if let last = outcome.lastTime, facts.time < last {
            outcome.findings.append(Self.backwards(position, facts.time, after: last))
        }
        outcome.firstTime = outcome.firstTime ?? (facts.time, position)
        outcome.lastTime = facts.time
        if position > 0, facts.type.elementsEqual(Self.createdType) {
            outcome.findings.append(
                Finding(.created, at: position, "only position 0 may have this type"))
        }
        for digest in facts.attachments where try !isHeld(digest, &holds) {
            outcome.findings.append(
                Finding(.attachment, at: position, "attachment \(digest.reference) is missing"))
        }
    }

    private static let createdType = Array(LedgerCreated.definition.type.text.utf8)

    static func backwards(_ position: Int64, _ time: Timestamp, after last: Timestamp) -> Finding {
        Finding(.time, at: position, "recordedtime \(time) is before \(last) of the entry before")
    }

    private func isHeld(_ digest: Digest, _ holds: inout RawStatement) throws -> Bool {
        holds.bind(digest, at: 1)
        defer { holds.reset() }
        return try holds.step()
    }
}
