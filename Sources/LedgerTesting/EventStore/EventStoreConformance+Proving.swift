import EventSourcing
import LedgerCore

extension EventStoreConformance {
    /// Above 256, where the first stored subtree ends.
    private static let provenSize = 300

    static let proving: [Behaviour] = [
        behaviour("every entry is proven against the newest checkpoint, at many sizes") {
            store, _ in
            let key = try VerifierKey(parsing: Keys.verifierKey)
            for size in [1, 2, 3, 7, 8, 64, 255, 256, 257, provenSize] {
                try await grow(store, to: size)
                for entry in try await all(store) {
                    let proof = try await store.proveInclusion(of: entry.position)
                    try Expect.equal(proof.position, entry.position, "the proof's position")
                    try proof.verify(entry.hash, by: key)
                }
            }
        },
        behaviour("every size up to 300 is proven to be the beginning of the newest") { store, _ in
            var roots: [Digest] = [TreeHasher.emptyRoot]
            for size in 1...provenSize {
                try await grow(store, to: size)
                roots.append(try await store.head().root)
            }
            let newest = TreeSize(UInt64(provenSize))
            for size in 0...provenSize {
                let old = TreeSize(UInt64(size))
                let request = try await store.proveConsistency(from: old)
                try Expect.equal(request.old, old, "the old size")
                let holds = request.path.verifies(
                    from: old, root: roots[size], to: newest, root: roots[provenSize])
                try Expect.that(holds, "the proof from \(size) verifies")
            }
        },
        behaviour("what lies beyond the end cannot be proven") { store, _ in
            for position in [1, 2, UInt64(Int64.max), .max] {
                _ = try await refusal(.badInput, of: "a proof of position \(position)") {
                    _ = try await store.proveInclusion(of: Position(position))
                }
            }
            for size in [2, UInt64(Int64.max), .max] {
                _ = try await refusal(.badInput, of: "a proof from size \(size)") {
                    _ = try await store.proveConsistency(from: TreeSize(size))
                }
            }
        },
    ]

    private static func grow(_ store: any EventStore, to size: Int) async throws {
        let now = Int(try await store.head().size.value)
        guard now < size else { return }
        _ = try await store.append(try Drafts.drafts(now..<size))
    }

    static let agreement: [Behaviour] = [
        Behaviour("the same events give the same bytes, hashes and notes as in memory") { factory in
            let clock = ManualClock()
            try await factory.withNewStore(signer: Keys.signer(), clock: clock.reading) { store in
                let reference = try InMemoryEventStore(signer: Keys.signer(), clock: clock.reading)
                var events = RandomJSON(Seed.numbers(for: "agreement"))
                for number in 0..<40 {
                    clock.advance(seconds: number % 7 == 3 ? -30 : 11)
                    let drafts = try (0...(number % 9)).map { part in
                        try Drafts.draft(
                            "\(number).\(part)", subject: part % 3 == 0 ? nil : "s\(part % 3)",
                            data: part % 4 == 0 ? nil : withoutReferences(events.value()))
                    }
                    try Expect.equal(
                        await store.append(drafts), await reference.append(drafts), "the receipts")
                }
                try Expect.equal(await all(store), await all(reference), "the entries")
                try Expect.equal(await store.head(), await reference.head(), "the head")
                try Expect.equal(
                    await store.checkpoint(), await reference.checkpoint(), "the checkpoint")
                for position in [0, 5, 100] as [UInt64] {
                    try Expect.equal(
                        await store.proveInclusion(of: Position(position)),
                        await reference.proveInclusion(of: Position(position)), "the proof")
                }
            }
        }
    ]

    /// A random member named attachments could be taken for a reference; it cannot, but for a
    /// chance beyond counting.
    private static func withoutReferences(_ value: JSONValue) -> JSONValue { ["value": value] }
}
