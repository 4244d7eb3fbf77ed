import EventSourcing
import Foundation
import LedgerCore
import LedgerTesting
import SQLiteStore
import Testing

/// SQLite finds rows by the order of their numbers. Who writes the file by hand may number one so that a
/// walk ends early, or a search goes astray: what lies behind it must not pass for checked.
@Suite("Rows that stand out of their order in the file")
struct RowOrderTests {
    /// Entries 1 to 8, the last of them changed.
    private static func withChangedEnd() async throws -> TestLedger {
        let ledger = try TestLedger()
        try await ledger.append((1...8).map { try Drafts.draft("e\($0)", subject: "s") })
        try ledger.tamper(
            "UPDATE entries SET event = replace(event, 'done', 'gone') WHERE position = 8")
        return ledger
    }

    /// In a process of its own, for a fault here may end it.
    @Test("a changed event does not pass behind an entry's row that is out of order")
    func entries() async {
        await #expect(processExitsWith: .success) {
            let ledger = try await Self.withChangedEnd()
            let bytes = try ledger.settled()
            let entries = try await SQLiteEventStore.reading(ledger.file).entries(EntryQuery())
            for entry in entries {
                let offset = try ledger.offsetOfRow(entry, in: bytes)
                for number in [0, 1, 5, 8, 9, 100] as [UInt8] where number != bytes[offset] {
                    try ledger.overwrite(at: offset, with: [number])
                    for isQuick in [true, false] {
                        let isGood = try ledger.verify(isQuick: isQuick).isEmpty
                        #expect(
                            !isGood, "row \(entry.position) numbered \(number), quick: \(isQuick)")
                    }
                    try ledger.overwrite(at: offset, with: [bytes[offset]])
                }
            }
        }
    }

    @Test("a forged checkpoint does not pass behind a checkpoint's row that is out of order")
    func checkpoints() async throws {
        let ledger = try TestLedger()
        try await ledger.append((1...8).map { try Drafts.draft("e\($0)") })
        let head = try await SQLiteEventStore.reading(ledger.file).head()
        let forged = try Checkpoint(origin: head.origin, size: head.size, root: head.root)
            .signed(by: Keys.second())
        try ledger.tamper("UPDATE checkpoints SET note = ? WHERE size = 9", [forged.description])
        let bytes = try ledger.settled()
        for size in 1...9 as ClosedRange<UInt8> {
            let offset = try ledger.offsetOfRow(checkpoint: size, in: bytes)
            for number in [0, 1, 5, 8, 9, 100] as [UInt8] where number != size {
                try ledger.overwrite(at: offset, with: [number])
                for isQuick in [true, false] {
                    let isGood = try ledger.verify(isQuick: isQuick).isEmpty
                    #expect(!isGood, "row \(size) numbered \(number), quick: \(isQuick)")
                }
                try ledger.overwrite(at: offset, with: [size])
            }
        }
    }

    /// Behind row 100 the walk over nine entries ends; no index has the rows that stand there, and the
    /// newest checkpoint is never come to.
    @Test("a forged end does not pass behind a row out of order, though every index agrees")
    func forgedEnd() async throws {
        let ledger = try TestLedger()
        try await ledger.append((1...2).map { try Drafts.draft("e\($0)") })
        let last = try #require(try ledger.events().last)
        let forged = (100...105 as ClosedRange<UInt8>).map { number in
            (number, SHA256.hash([number]), last.replacing("e2", with: "forged-\(number)"))
        }
        let checkpoint = try Checkpoint(
            origin: Keys.origin(), size: TreeSize(9), root: SHA256.hash([0])
        ).signed(by: Keys.second())
        try ledger.tamper { database in
            for (number, hash, event) in forged {
                try database.execute(
                    sql: "INSERT INTO entries (position, hash, event) VALUES (?, ?, ?)",
                    arguments: [number, Data(hash.bytes), event])
            }
            try database.execute(
                sql: "INSERT INTO checkpoints VALUES (9, ?)", arguments: [checkpoint.description])
        }
        let bytes = try ledger.settled()
        for (number, hash, event) in forged.dropFirst() {
            let entry = Entry(
                position: Position(UInt64(number)), previous: .zero, hash: hash,
                eventBytes: Array(event.utf8))
            try ledger.overwrite(
                at: ledger.offsetOfRow(entry, in: bytes), with: [number - 101 + 4])
        }
        var trust = Trust()
        trust.key = Trust.TrustedKey(name: nil, publicKey: try Keys.first().publicKey)
        for isQuick in [true, false] {
            let isGood = try ledger.verify(trust: trust, isQuick: isQuick).isEmpty
            #expect(!isGood, "quick: \(isQuick)")
        }
    }
}
