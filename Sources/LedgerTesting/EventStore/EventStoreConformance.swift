import EventSourcing
import LedgerCore

/// Makes the stores of one adapter.
package protocol EventStoreFactory: Sendable {
    /// Gives a body a new ledger that holds nothing but its first entry, and cleans up after it.
    func withNewStore(
        signer: LedgerSigner, clock: @escaping @Sendable () -> Timestamp,
        _ body: (any EventStore) async throws -> Void
    ) async throws
}

/// What the doc comment of `EventStore` promises, as behaviours. An adapter's test is one call to
/// it:
///
///     @Test("…", arguments: EventStoreConformance.behaviours)
///     func conforms(behaviour: EventStoreConformance.Behaviour) async throws {
///         try await behaviour.check(MyStores())
///     }
///
/// Durability is not among them: only the adapter knows how to take the power away.
package enum EventStoreConformance {
    package typealias Behaviour = LedgerTesting.Behaviour<any EventStoreFactory>

    package static let behaviours: [Behaviour] =
        beginning + appending + duplicates + expectations + time + reading + attaching + proving
        + agreement

    /// A behaviour of a store that was just made, with a clock of its own.
    static func behaviour(
        _ description: String,
        _ steps: @escaping @Sendable (any EventStore, ManualClock) async throws -> Void
    ) -> Behaviour {
        Behaviour(description) { factory in
            let clock = ManualClock()
            try await factory.withNewStore(signer: Keys.signer(), clock: clock.reading) { store in
                try await steps(store, clock)
            }
        }
    }

    /// Runs a call that must be refused, and gives the error.
    static func refusal(
        _ code: StoreError.Code, of what: String, file: StaticString = #fileID, line: UInt = #line,
        _ call: () async throws -> Void
    ) async throws -> StoreError {
        do {
            try await call()
        } catch let error as StoreError {
            try Expect.equal(
                error.code, code, "the code of \(what) (\(error))", file: file, line: line)
            return error
        }
        throw Unmet(description: "\(file):\(line): \(what) was not refused")
    }

    /// Everything of a log, in pages.
    static func all(_ store: any EventStore, pageSize: Int = 100) async throws -> [Entry] {
        var entries: [Entry] = []
        while true {
            let next = entries.last?.position.next ?? .first
            let page = try await store.entries(EntryQuery(from: next, limit: pageSize))
            if page.isEmpty { return entries }
            entries += page
        }
    }

    /// That the links, the newest checkpoint and the head fit the entries.
    static func checkWhole(_ store: any EventStore) async throws {
        let entries = try await all(store)
        var range = CompactRange()
        var treeHasher = TreeHasher()
        var entryHasher = EntryHasher()
        var previous = Digest.zero
        for (index, entry) in entries.enumerated() {
            try Expect.equal(entry.position, Position(UInt64(index)), "the position")
            try Expect.equal(entry.previous, previous, "the link of position \(index)")
            let hash = entryHasher.hash(previous: previous, eventBytes: entry.eventBytes)
            try Expect.equal(entry.hash, hash, "the hash of position \(index)")
            range.append(entry.hash, with: &treeHasher)
            previous = entry.hash
        }
        let head = try await store.head()
        try Expect.equal(head.size, range.size, "the head's size")
        try Expect.equal(head.hash, previous, "the head's hash")
        try Expect.equal(head.root, range.root(with: &treeHasher), "the head's root")
        let key = try VerifierKey(parsing: Keys.verifierKey)
        let newest = try await Checkpoint(verifying: store.checkpoint(), by: key)
        try Expect.equal(newest.size, head.size, "the size of the newest checkpoint")
        try Expect.equal(newest.root, head.root, "the root of the newest checkpoint")
    }
}
