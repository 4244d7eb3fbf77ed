import EventSourcing
import LedgerCore
import LedgerTesting
import SQLiteStore
import Testing

@Suite("The SQLite stores keep their ports' promises")
struct ConformanceTests {
    @Test(
        "the ledger file keeps the promises of event stores",
        arguments: EventStoreConformance.behaviours)
    func eventStore(behaviour: EventStoreConformance.Behaviour) async throws {
        try await behaviour.check(EventStores())
    }

    @Test(
        "the file of read models keeps the promises of read-model stores",
        arguments: ReadModelStoreConformance.behaviours)
    func readModels(behaviour: ReadModelStoreConformance.Behaviour) async throws {
        try await behaviour.check(ReadModelStores())
    }
}

private struct EventStores: EventStoreFactory {
    /// What a behaviour leaves behind must also pass verification.
    func withNewStore(
        signer: LedgerSigner, clock: @escaping @Sendable () -> Timestamp,
        _ body: (any EventStore) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let file = LedgerFile(folder.file("evidence.db"))
        try SQLiteEventStore.create(file, signer: signer, clock: clock)
        let store = try SQLiteEventStore.writing(file, key: signer.key, clock: clock)
        try await body(store)
        try store.close()
        let findings = try LedgerVerifier(file, workers: 2).run().findings
        try Expect.that(findings.isEmpty, "the ledger verifies: \(findings)")
        _ = folder
    }
}

private struct ReadModelStores: ReadModelStoreFactory {
    func withNewStore(_ body: (any ReadModelStore) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        try await body(SQLiteReadModelStore(beside: LedgerFile(folder.file("evidence.db"))))
        _ = folder
    }
}
