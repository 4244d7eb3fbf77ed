import LedgerCore

/// Folds a log into read models, from where the last run stopped. Several projections are folded in
/// one pass: an event is read once, however many look at it.
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
        _ projections: any Projection..., pageSize: Int = 5000
    ) async throws(StoreError) {
        try await catchUp(all: projections, pageSize: pageSize)
    }

    package func catchUp(
        all projections: [any Projection], pageSize: Int = 5000
    ) async throws(StoreError) {
        // Each conflict means that another process has come further.
        for _ in 0..<Self.attempts {
            do throws(StoreError) {
                return try await fold(projections, pageSize)
            } catch {
                guard error.code == .conflict else { throw error }
            }
        }
        throw StoreError(.busy, "the read models are folded by others all the time; try again")
    }

    private static let attempts = 100

    private func fold(
        _ projections: [any Projection], _ pageSize: Int
    ) async throws(StoreError) {
        var folds: [Fold] = []
        for projection in projections {
            folds.append(Fold(projection, after: try await resumption(of: projection)))
        }
        guard let start = folds.map(\.start).min() else { return }
        var pages = EventPages(of: log, from: start, size: pageSize)
        while let page = try await pages.next() {
            for index in folds.indices {
                try await folds[index].take(page.events, through: page.last, models)
            }
        }
        for index in folds.indices { try await folds[index].commit(to: models) }
    }

    /// The cursor to go on from.
    private func resumption(
        of projection: any Projection
    ) async throws(StoreError) -> ProjectionCursor? {
        guard let cursor = try await models.cursor(of: projection.name) else { return nil }
        if cursor.version == projection.version,
            try await log.entry(at: cursor.position)?.hash == cursor.hash
        {
            return cursor
        }
        try await models.reset(projection.name)
        return nil
    }
}

/// One projection being folded. Documents are kept from page to page and committed together with
/// the cursor: most events touch a document that was touched a moment ago.
private struct Fold {
    let start: Position

    private let projection: any Projection
    /// What was committed last.
    private var cursor: ProjectionCursor?
    private var documents: [DocumentKey: JSONValue?] = [:]
    private var changed: Set<DocumentKey> = []
    private var last: Entry?

    /// In documents: what bounds the memory of a fold.
    private static let mostDocuments = 100_000

    init(_ projection: any Projection, after cursor: ProjectionCursor?) {
        self.projection = projection
        self.cursor = cursor
        start = cursor?.position.next ?? .first
    }

    mutating func take(
        _ events: [RecordedEvent], through last: Entry, _ models: any ReadModelStore
    ) async throws(StoreError) {
        guard start <= last.position else { return }
        var touched: [(event: RecordedEvent, keys: [DocumentKey])] = []
        for event in events where event.position >= start {
            let keys = projection.keys(of: event)
            if !keys.isEmpty { touched.append((event, keys)) }
        }
        var unknown: Set<DocumentKey> = []
        for (_, keys) in touched {
            for key in keys where documents[key] == nil { unknown.insert(key) }
        }
        if !unknown.isEmpty {
            let found = try await models.documents(of: projection.name, unknown)
            for key in unknown { documents[key] = .some(found[key]) }
        }
        for (event, keys) in touched {
            for key in keys {
                let document = documents[key] ?? nil
                documents[key] = .some(projection.evolve(document, at: key, with: event))
                changed.insert(key)
            }
        }
        self.last = last
        if documents.count > Self.mostDocuments { try await commit(to: models) }
    }

    mutating func commit(to models: any ReadModelStore) async throws(StoreError) {
        guard let last else { return }
        let next = ProjectionCursor(
            position: last.position, hash: last.hash, version: projection.version)
        let changes = documents.filter { changed.contains($0.key) }
        try await models.commit(changes, cursor: next, of: projection.name, after: cursor)
        cursor = next
        documents = [:]
        changed = []
        self.last = nil
    }
}
