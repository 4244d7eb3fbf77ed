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
        let head = try await log.head()
        var builder = try await builder(of: head.size)
        let sealed = LedgerSealed(size: head.size, index: builder.root)
        let draft: EventDraft
        do throws(EventError) {
            draft = try sealed.draft(origin: head.origin, after: head.hash, at: now)
        } catch {
            throw StoreError(.damaged, error.description)
        }
        guard let receipt = try await log.append([draft], expecting: .log(head.size)).first else {
            throw StoreError(.damaged, "the append gave no receipt")
        }
        let seal = try await seal(at: receipt.position)
        try await builder.keep(for: seal, in: models)
        return seal
    }

    /// The index that a seal commits: the kept one, or made anew from the log.
    package func index(of seal: RecordedSeal) async throws(StoreError) -> SealedIndex {
        if let kept = try await SealedIndex(seal, in: models.snapshot()) { return kept }
        var builder = try await builder(of: seal.sealed.size, from: nil)
        guard builder.root == seal.sealed.index else {
            throw StoreError(
                .damaged,
                "the seal at position \(seal.position) does not commit the index of the first "
                    + "\(seal.sealed.size) entries; run daybook verify")
        }
        // An old seal does not take the newest's place.
        if try await newest()?.position == seal.position {
            try await builder.keep(for: seal, in: models)
        }
        // Read from memory: another process may seal again, and keep that.
        let memory = InMemoryReadModelStore()
        try await builder.keep(for: seal, in: memory)
        guard let index = try await SealedIndex(seal, in: memory) else {
            throw StoreError(.damaged, "the index of the seal at position \(seal.position) is lost")
        }
        return index
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

    /// The index of the first entries of the log. What the read models hold is believed only if it is what
    /// the newest seal commits; else all of the log is folded.
    private func builder(of size: TreeSize) async throws(StoreError) -> SealedIndex.Builder {
        guard let seal = try await newest(), seal.sealed.size <= size,
            let leaves = try await leaves(of: seal)
        else { return try await builder(of: size, from: nil) }
        return try await builder(of: size, from: (leaves, seal.sealed.size))
    }

    private func leaves(
        of seal: RecordedSeal
    ) async throws(StoreError) -> [SealedIndex.HashedLeaf]? {
        do throws(StoreError) {
            return try await SealedIndex(seal, in: models.snapshot())?.leaves()
        } catch {
            guard error.code == .damaged else { throw error }
            return nil
        }
    }

    /// From the leaves at an older size, in the order of their keys, and the entries since.
    private func builder(
        of size: TreeSize, from known: (leaves: [SealedIndex.HashedLeaf], size: TreeSize)?
    ) async throws(StoreError) -> SealedIndex.Builder {
        let old = known?.leaves ?? []
        var changed: [IndexKey: KeyTally] = [:]
        var hasher = IndexHasher()
        var pages = EventPages(
            of: log, from: Position(known?.size.value ?? 0), to: Position(size.value))
        while let page = try await pages.next() {
            for event in page.events {
                for key in event.event.indexKeys {
                    changed[key, default: Self.tally(of: key, in: old)].add(
                        event.entry.hash, with: &hasher)
                }
            }
        }
        var builder = SealedIndex.Builder()
        var next = old.makeIterator()
        var kept = next.next()
        for (key, tally) in changed.sorted(by: { $0.key < $1.key }) {
            while let same = kept, same.leaf.key < key {
                builder.add(same)
                kept = next.next()
            }
            if kept?.leaf.key == key { kept = next.next() }
            builder.add(IndexLeaf(key: key, tally: tally))
        }
        while let same = kept {
            builder.add(same)
            kept = next.next()
        }
        return builder
    }

    /// - Parameter leaves: In the order of their keys.
    private static func tally(
        of key: IndexKey, in leaves: [SealedIndex.HashedLeaf]
    ) -> KeyTally {
        var (low, high) = (leaves.startIndex, leaves.endIndex)
        while low < high {
            let middle = (low + high) / 2
            if leaves[middle].leaf.key < key { low = middle + 1 } else { high = middle }
        }
        let found = low < leaves.endIndex ? leaves[low].leaf : nil
        return found.flatMap { $0.key == key ? $0.tally : nil } ?? .none
    }
}
