import LedgerCore

/// Folds a log into a read model, from where the last run stopped.
package struct ProjectionRunner: Sendable {
    private let log: any EventStore
    private let models: any ReadModelStore

    package init(log: any EventStore, models: any ReadModelStore) {
        self.log = log
        self.models = models
    }

    /// Reads on to the end of the log. Starts over when the cursor is of another version of the
    /// fold, or of an entry that this log does not have.
    package func catchUp(
        _ projection: some Projection, pageSize: Int = 500
    ) async throws(StoreError) {
        var next = try await resumption(of: projection)
        while true {
            let page = try await log.entries(EntryQuery(from: next, limit: pageSize))
            guard let last = page.last else { return }
            let changes = try await fold(page, with: projection)
            let cursor = ProjectionCursor(
                position: last.position, hash: last.hash, version: projection.version)
            try await models.commit(changes, cursor: cursor, of: projection.name)
            next = last.position.next
        }
    }

    private func resumption(of projection: some Projection) async throws(StoreError) -> Position {
        guard let cursor = try await models.cursor(of: projection.name) else { return .first }
        if cursor.version == projection.version,
            try await log.entry(at: cursor.position)?.hash == cursor.hash
        {
            return cursor.position.next
        }
        try await models.reset(projection.name)
        return .first
    }

    private func fold(
        _ page: [Entry], with projection: some Projection
    ) async throws(StoreError) -> [DocumentKey: JSONValue?] {
        var events: [RecordedEvent] = []
        for entry in page {
            do throws(EventError) {
                events.append(try RecordedEvent(entry))
            } catch {
                throw StoreError(.damaged, "position \(entry.position): \(error)")
            }
        }
        let keys = Set(events.flatMap { projection.keys(of: $0) })
        let documents = try await models.documents(of: projection.name, keys)
        var changes: [DocumentKey: JSONValue?] = [:]
        for event in events {
            for key in projection.keys(of: event) {
                let document = changes[key] ?? documents[key]
                changes[key] = .some(projection.evolve(document, at: key, with: event))
            }
        }
        return changes
    }
}
