import LedgerCore

/// Seals a log, and finds the index of its seals again.
package struct LedgerSealing: Sendable {
    private let log: any EventStore
    private let models: any ReadModelStore

    package init(log: any EventStore, models: any ReadModelStore) {
        self.log = log
        self.models = models
    }

    /// The newest seal, if nothing but seals was recorded since what it covers.
    package func current() async throws(StoreError) -> RecordedSeal? {
        guard let seal = try await newest() else { return nil }
        let head = try await log.head()
        var query = EntryQuery(from: Position(seal.sealed.size.value))
        query.type = LedgerSealed.definition.type
        let uncovered = head.size.value - seal.sealed.size.value
        // More seals than a query gives are certainly not all that was recorded.
        return try await log.entries(query).count == Int(uncovered) ? seal : nil
    }

    /// The seal at a position.
    package func seal(at position: Position) async throws(StoreError) -> RecordedSeal {
        guard let entry = try await log.entry(at: position) else {
            throw StoreError(.badInput, "there is no position \(position)")
        }
        return try Self.read(entry)
    }

    /// Commits the index of the log as it is now. The log's newest seal, if it still covers all.
    ///
    /// - Parameter now: When the event says that it happened.
    package func seal(at now: Timestamp) async throws(StoreError) -> RecordedSeal {
        // Somebody who writes meanwhile would not be covered: then the index is folded on.
        for _ in 0..<Self.attempts {
            if let seal = try await current() { return seal }
            do throws(StoreError) {
                return try await append(at: now)
            } catch {
                guard error.code == .conflict else { throw error }
            }
        }
        throw StoreError(
            .busy, "the ledger is written to so fast that it cannot be sealed; try again")
    }

    private static let attempts = 100

    private func append(at now: Timestamp) async throws(StoreError) -> RecordedSeal {
        let projection = IndexProjection()
        try await ProjectionRunner(log: log, models: models).catchUp(projection)
        // Somebody else may fold on while this is read.
        let index = try await models.snapshot()
        guard let cursor = try await index.cursor(of: projection.name) else {
            throw StoreError(.conflict, "the index was reset meanwhile; try again")
        }
        let size = TreeSize(through: cursor.position)
        var builder = try await builder(from: index)
        // Every entry has one type, so a fold that has missed one or taken one twice shows.
        guard builder.entries == size.value else {
            try await models.reset(projection.name)
            throw StoreError(.conflict, "the index was not that of the log; it is folded anew")
        }
        let sealed = LedgerSealed(size: size, index: builder.root)
        let origin = try await log.head().origin
        let draft: EventDraft
        do throws(EventError) {
            draft = try sealed.draft(origin: origin, at: now)
        } catch {
            throw StoreError(.damaged, error.description)
        }
        guard let receipt = try await log.append([draft], expecting: .log(size)).first else {
            throw StoreError(.damaged, "the append gave no receipt")
        }
        let seal = try await seal(at: receipt.position)
        _ = try await builder.keep(for: seal, in: models)
        return seal
    }

    /// The index that a seal commits: the kept one, or made anew from the log.
    package func index(of seal: RecordedSeal) async throws(StoreError) -> SealedIndex {
        if let kept = try await SealedIndex(seal, in: models.snapshot()) { return kept }
        // Looking at an old seal does not throw the newest's pages away.
        let isNewest = try await newest()?.position == seal.position
        var builder = try await refold(seal.sealed.size)
        guard builder.root == seal.sealed.index else {
            throw StoreError(
                .damaged,
                "the seal at position \(seal.position) does not commit the index of the first "
                    + "\(seal.sealed.size) entries; run daybook verify")
        }
        return try await builder.keep(for: seal, in: isNewest ? models : nil)
    }

    private func newest() async throws(StoreError) -> RecordedSeal? {
        try await log.newest(of: LedgerSealed.definition.type).map(Self.read)
    }

    private static func read(_ entry: Entry) throws(StoreError) -> RecordedSeal {
        do throws(EventError) {
            return try RecordedSeal(entry)
        } catch {
            throw StoreError(.badInput, error.description)
        }
    }

    /// From the projection's documents.
    private func builder(
        from models: any ReadModels
    ) async throws(StoreError) -> SealedIndex.Builder {
        var builder = SealedIndex.Builder()
        var last: DocumentKey?
        while true {
            // Pages overlap by one: they start with the last document of the one before.
            let page = try await models.documents(
                of: IndexProjection().name, from: last ?? DocumentKey(""), limit: 5000)
            for (key, document) in page where key != last {
                guard let tally = KeyTally(document) else {
                    throw StoreError(.damaged, "the index's document of \(key) is damaged")
                }
                builder.add(IndexLeaf(key: IndexKey(key.text), tally: tally))
            }
            guard let end = page.last?.key, end != last else { return builder }
            last = end
        }
    }

    /// From the first entries of the log.
    private func refold(_ size: TreeSize) async throws(StoreError) -> SealedIndex.Builder {
        var tallies: [IndexKey: KeyTally] = [:]
        var hasher = IndexHasher()
        var query = EntryQuery(from: .first, limit: 5000)
        query.end = Position(size.value)
        while true {
            let page = try await log.entries(query)
            for entry in page {
                let keys: [IndexKey]
                do throws(EventError) {
                    keys = try RecordedEvent(entry).event.indexKeys
                } catch {
                    throw StoreError(.damaged, "position \(entry.position): \(error)")
                }
                for key in keys { tallies[key, default: .none].add(entry.hash, with: &hasher) }
            }
            guard let last = page.last else { break }
            query.from = last.position.next
        }
        var builder = SealedIndex.Builder()
        for (key, tally) in tallies.sorted(by: { $0.key < $1.key }) {
            builder.add(IndexLeaf(key: key, tally: tally))
        }
        return builder
    }
}
