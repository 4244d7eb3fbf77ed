import EventSourcing
import Foundation
import LedgerCore
import LedgerTesting
import SQLiteStore
import Testing

@Suite("Backups")
struct BackupTests {
    @Test("a backup is a ledger of its own with the same entries, and takes new ones")
    func roundTrip() async throws {
        let ledger = try TestLedger()
        let attachment = Attachment(Array("report".utf8))
        try await ledger.append(
            [try Drafts.draft("a", data: Drafts.naming([attachment]))], attaching: [attachment])
        let copy = LedgerFile(ledger.folder.file("backup.db"))
        let report = try ledger.file.backUp(to: copy.path)
        #expect(report.isGood && report.size == TreeSize(2))
        #expect(
            try await SQLiteEventStore.reading(copy).head()
                == SQLiteEventStore.reading(ledger.file).head())
        let store = try SQLiteEventStore.writing(
            copy, key: Keys.first(), clock: ledger.clock.reading)
        #expect(try await store.attachment(attachment.digest) == attachment)
        #expect(try await store.append([Drafts.draft("b")])[0].position == Position(2))
        try store.close()
        #expect(try LedgerVerifier(copy).run().findings.isEmpty)
    }

    @Test("a ledger is backed up while it is open, with the entries that stand in its log")
    func whileOpen() async throws {
        let ledger = try TestLedger()
        let store = try ledger.open()
        _ = try await store.append(Drafts.drafts(0..<10))
        let copy = LedgerFile(ledger.folder.file("backup.db"))
        _ = try ledger.file.backUp(to: copy.path)
        _ = try await store.append(Drafts.drafts(10..<12))
        #expect(try await SQLiteEventStore.reading(copy).head().size == TreeSize(11))
        try store.close()
    }

    @Test("a backup never replaces a file, and leaves none behind when it fails")
    func neverOverwrites() async throws {
        let ledger = try TestLedger()
        let taken = try ledger.folder.write("taken", "precious")
        let error = #expect(throws: StoreError.self) { try ledger.file.backUp(to: taken) }
        #expect(error?.code == .cannotCreate)
        #expect(try String(contentsOfFile: taken, encoding: .utf8) == "precious")
    }

    @Test("a damaged ledger is not backed up")
    func damaged() async throws {
        let ledger = try TestLedger()
        try await ledger.append(Drafts.drafts(0..<3))
        try ledger.tamper("UPDATE entries SET hash = zeroblob(32) WHERE position = 2")
        let path = ledger.folder.file("backup.db")
        let error = #expect(throws: StoreError.self) { try ledger.file.backUp(to: path) }
        #expect(error?.code == .damaged)
        let names = try FileManager.default.contentsOfDirectory(atPath: ledger.folder.path)
        #expect(!names.contains { $0.hasPrefix("backup.db") }, "\(names)")
    }

    @Test(
        "an older copy put in the ledger's place verifies by itself, and is caught by what was kept"
    )
    func olderCopy() async throws {
        let ledger = try TestLedger()
        try await ledger.append(Drafts.drafts(0..<3))
        let copy = LedgerFile(ledger.folder.file("backup.db"))
        _ = try ledger.file.backUp(to: copy.path)
        let receipt = try #require(try await ledger.append(Drafts.drafts(3..<5)).last)
        let checkpoint = try await ledger.checkpoint()

        #expect(try LedgerVerifier(copy).run().findings.isEmpty)
        var trust = Trust()
        trust.checkpoints = [Trust.Evidence(checkpoint, from: "kept")]
        #expect(
            try LedgerVerifier(copy, trust: trust).run().findings.places
                == [Found(.trustedCheckpoint, 5)])
        trust.checkpoints = []
        trust.receipts = [Trust.Evidence(try TrustedReceipt(receipt.json), from: "kept")]
        let findings = try LedgerVerifier(copy, trust: trust).run().findings.places
        #expect(!findings.isEmpty && Set(findings) == [Found(.trustedReceipt, 5)])
    }
}
