import EventSourcing
import LedgerTesting
import Testing

@Suite("The stores in memory")
struct InMemoryStoreTests {
    @Test(
        "the event store in memory keeps the port's promises",
        arguments: EventStoreConformance.behaviours)
    func eventStore(behaviour: EventStoreConformance.Behaviour) async throws {
        try await behaviour.check(EventStores())
    }

    @Test(
        "the read models in memory keep the port's promises",
        arguments: ReadModelStoreConformance.behaviours)
    func readModels(behaviour: ReadModelStoreConformance.Behaviour) async throws {
        try await behaviour.check(ReadModelStores())
    }
}

private struct EventStores: EventStoreFactory {
    func withNewStore(
        signer: LedgerSigner, clock: @escaping @Sendable () -> Timestamp,
        _ body: (any EventStore) async throws -> Void
    ) async throws {
        try await body(InMemoryEventStore(signer: signer, clock: clock))
    }
}

private struct ReadModelStores: ReadModelStoreFactory {
    func withNewStore(_ body: (any ReadModelStore) async throws -> Void) async throws {
        try await body(InMemoryReadModelStore())
    }
}
