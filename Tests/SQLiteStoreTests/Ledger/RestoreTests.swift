import EventSourcing
import Foundation
import LedgerCore
import LedgerTesting
import SQLiteStore
import Testing

@Suite("Restoring a backup")
struct RestoreTests {
    /// A ledger of four entries with a backup of its first three.
    private func backedUp() async throws -> (ledger: TestLedger, backup: LedgerFile) {
        let ledger = try TestLedger()
        try await ledger.append(Drafts.drafts(0..<2))
        let backup = LedgerFile(ledger.folder.file("backup.db"))
        _ = try ledger.file.backUp(to: backup.path)
        try await ledger.append(Drafts.drafts(2..<3))
        return (ledger, backup)
    }

    @Test("the backup takes the ledger's place, and what stood there is kept beside it")
    func inPlace() async throws {
        let (ledger, backup) = try await backedUp()
        let (report, replaced) = try ledger.file.restore(from: backup, patience: .seconds(5))
        #expect(report.isGood && report.size == TreeSize(3))
        #expect(try await SQLiteEventStore.reading(ledger.file).head().size == TreeSize(3))
        let old = try #require(replaced)
        #expect(try await SQLiteEventStore.reading(old).head().size == TreeSize(4))
        #expect(try LedgerVerifier(old).run().isGood)
        let receipts = try await ledger.append([Drafts.draft("after")])
        #expect(receipts[0].position == Position(3))
        try ledger.expect([])
    }

    @Test("a log that was left of a lost file is moved aside, and does not get into the new one")
    func leftLog() async throws {
        let (ledger, backup) = try await backedUp()
        let store = try ledger.open()
        _ = try await store.append(Drafts.drafts(5..<9))
        try FileManager.default.removeItem(atPath: ledger.file.path)
        try FileManager.default.removeItem(atPath: ledger.file.path + "-shm")
        _ = try ledger.file.restore(from: backup, patience: .seconds(5))
        #expect(try await SQLiteEventStore.reading(ledger.file).head().size == TreeSize(3))
        try ledger.expect([])
        try? store.close()
        try ledger.expect([])
    }

    @Test("a backup that is damaged or missing leaves everything as it was")
    func badBackup() async throws {
        let (ledger, backup) = try await backedUp()
        let before = try ledger.settled()
        let missing = LedgerFile(ledger.folder.file("none.db"))
        var error = #expect(throws: StoreError.self) {
            try ledger.file.restore(from: missing, patience: .seconds(5))
        }
        #expect(error?.code == .noSuchLedger)
        try FileHandle(forUpdating: URL(fileURLWithPath: backup.path)).truncate(atOffset: 8192)
        error = #expect(throws: StoreError.self) {
            try ledger.file.restore(from: backup, patience: .seconds(5))
        }
        #expect(error?.code == .damaged)
        #expect(try ledger.settled() == before)
        let names = try FileManager.default.contentsOfDirectory(atPath: ledger.folder.path)
        #expect(!names.contains { $0.contains("replaced") || $0.contains(".new") }, "\(names)")
    }

    @Test("a new ledger is not made where a log of another one is left")
    func leftLogOfAnother() async throws {
        let folder = try TemporaryFolder()
        let file = LedgerFile(folder.file("evidence.db"))
        try folder.write("evidence.db-wal", "entries")
        let error = #expect(throws: StoreError.self) {
            try SQLiteEventStore.create(file, signer: Keys.signer(), clock: ManualClock().reading)
        }
        #expect(error?.code == .cannotCreate)
        #expect(!file.exists)
    }
}
