import LedgerCore

/// The reference implementation of `ReadModelStore`.
package actor InMemoryReadModelStore: ReadModelStore {
    private var models: [String: (cursor: ProjectionCursor, documents: [DocumentKey: JSONValue])] =
        [:]

    package init() {}

    package func snapshot() async throws(StoreError) -> any ReadModels {
        let copy = InMemoryReadModelStore()
        await copy.take(models)
        return copy
    }

    private func take(
        _ models: [String: (cursor: ProjectionCursor, documents: [DocumentKey: JSONValue])]
    ) {
        self.models = models
    }

    package func cursor(of projection: String) async throws(StoreError) -> ProjectionCursor? {
        models[projection]?.cursor
    }

    package func documents(
        of projection: String, _ keys: Set<DocumentKey>
    ) async throws(StoreError) -> [DocumentKey: JSONValue] {
        (models[projection]?.documents ?? [:]).filter { keys.contains($0.key) }
    }

    package func allDocuments(
        of projection: String
    ) async throws(StoreError) -> [(DocumentKey, JSONValue)] {
        (models[projection]?.documents ?? [:])
            .sorted { $0.key.text.utf8.lexicographicallyPrecedes($1.key.text.utf8) }
            .map { ($0.key, $0.value) }
    }

    package func documents(
        of projection: String, from key: DocumentKey, limit: Int
    ) async throws(StoreError) -> [(key: DocumentKey, document: JSONValue)] {
        try await allDocuments(of: projection)
            .drop { $0.0.text.utf8.lexicographicallyPrecedes(key.text.utf8) }
            .prefix(limit).map { (key: $0.0, document: $0.1) }
    }

    package func commit(
        _ changes: [DocumentKey: JSONValue?], cursor: ProjectionCursor, of projection: String,
        after known: ProjectionCursor?
    ) async throws(StoreError) {
        guard models[projection]?.cursor == known else { throw .staleFold(of: projection) }
        var documents = models[projection]?.documents ?? [:]
        for (key, document) in changes { documents[key] = document }
        models[projection] = (cursor, documents)
    }

    package func replace(
        _ documents: [DocumentKey: JSONValue], cursor: ProjectionCursor, of projection: String
    ) async throws(StoreError) {
        models[projection] = (cursor, documents)
    }

    package func reset(_ projection: String) async throws(StoreError) {
        models[projection] = nil
    }
}
