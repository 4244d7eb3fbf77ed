import EventSourcing
import Foundation
import LedgerCore
import LedgerTesting
import SQLiteStore
import Testing

/// Permissions do not hold root back, so root's run cannot show anything here.
@Suite("A ledger where nobody may write", .enabled(if: geteuid() != 0, "root may write anywhere"))
struct ReadOnlyMediaTests {
    private func withReadOnly(
        _ ledger: TestLedger, _ body: () async throws -> Void
    ) async throws {
        _ = try ledger.settled()
        for suffix in ["-wal", "-shm"] { unlink(ledger.file.path + suffix) }
        chmod(ledger.file.path, 0o444)
        chmod(ledger.folder.path, 0o555)
        defer { chmod(ledger.folder.path, 0o755) }
        try await body()
    }

    @Test("is read and verified without a trace")
    func reading() async throws {
        let ledger = try TestLedger()
        try await ledger.append(Drafts.drafts(0..<5))
        try await withReadOnly(ledger) {
            #expect(try await SQLiteEventStore.reading(ledger.file).head().size == TreeSize(6))
            try ledger.expect([])
            let names = try FileManager.default.contentsOfDirectory(atPath: ledger.folder.path)
            #expect(!names.contains("evidence.db-wal") && !names.contains("evidence.db-shm"))
        }
    }

    @Test("takes no events")
    func writing() async throws {
        let ledger = try TestLedger()
        try await withReadOnly(ledger) {
            let error = await #expect(throws: StoreError.self) {
                _ = try await ledger.open().append([Drafts.draft("1")])
            }
            #expect(error.map { [.notAllowed, .inputOutput].contains($0.code) } == true)
        }
    }
}
