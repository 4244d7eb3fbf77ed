import EventSourcing
import LedgerCore

/// A store to which another process comes right before the first commit.
actor InterruptedReadModelStore: ReadModelStore {
    private let store: any ReadModelStore
    private var interruption: (@Sendable () async throws -> Void)?

    init(_ store: any ReadModelStore, by interruption: @escaping @Sendable () async throws -> Void)
    {
        self.store = store
        self.interruption = interruption
    }

    func commit(
        _ changes: [DocumentKey: JSONValue?], cursor: ProjectionCursor, of projection: String,
        after known: ProjectionCursor?
    ) async throws(StoreError) {
        if let interruption {
            self.interruption = nil
            do {
                try await interruption()
            } catch {
                throw StoreError(.damaged, "the interruption has failed: \(error)")
            }
        }
        try await store.commit(changes, cursor: cursor, of: projection, after: known)
    }

    func cursor(of projection: String) async throws(StoreError) -> ProjectionCursor? {
        try await store.cursor(of: projection)
    }

    func documents(
        of projection: String, _ keys: Set<DocumentKey>
    ) async throws(StoreError) -> [DocumentKey: JSONValue] {
        try await store.documents(of: projection, keys)
    }

    func allDocuments(of projection: String) async throws(StoreError) -> [(DocumentKey, JSONValue)]
    {
        try await store.allDocuments(of: projection)
    }

    func documents(
        of projection: String, from key: DocumentKey, limit: Int
    ) async throws(StoreError) -> [(key: DocumentKey, document: JSONValue)] {
        try await store.documents(of: projection, from: key, limit: limit)
    }

    func snapshot() async throws(StoreError) -> any ReadModels { try await store.snapshot() }

    func replace(
        _ documents: [DocumentKey: JSONValue], cursor: ProjectionCursor, of projection: String
    ) async throws(StoreError) {
        try await store.replace(documents, cursor: cursor, of: projection)
    }

    func reset(_ projection: String) async throws(StoreError) { try await store.reset(projection) }
}
