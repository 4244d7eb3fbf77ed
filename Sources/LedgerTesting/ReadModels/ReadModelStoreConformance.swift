import EventSourcing
import LedgerCore

/// Makes the read-model stores of one adapter.
package protocol ReadModelStoreFactory: Sendable {
    /// Gives a body a new, empty store, and cleans up after it.
    func withNewStore(_ body: (any ReadModelStore) async throws -> Void) async throws
}

/// What the doc comment of `ReadModelStore` promises, as behaviours.
package enum ReadModelStoreConformance {
    package typealias Behaviour = LedgerTesting.Behaviour<any ReadModelStoreFactory>

    package static let behaviours: [Behaviour] = [
        behaviour("a projection that was never folded has no cursor and no documents") { store in
            try Expect.equal(await store.cursor(of: "p"), nil, "the cursor")
            try Expect.that(try await store.allDocuments(of: "p").isEmpty, "no documents")
            let found = try await store.documents(of: "p", [DocumentKey("a")])
            try Expect.that(found.isEmpty, "no document")
        },
        behaviour("a commit keeps documents and cursor together") { store in
            try await store.commit(
                [DocumentKey("a"): 1, DocumentKey("b"): ["x": "é"]], cursor: cursor(4), of: "p",
                after: nil)
            try Expect.equal(await store.cursor(of: "p"), cursor(4), "the cursor")
            let keys: Set = [DocumentKey("a"), DocumentKey("c")]
            let found = try await store.documents(of: "p", keys)
            try Expect.equal(found, [DocumentKey("a"): 1], "the documents of those asked for")
            try await expectAll(store, "p", [("a", 1), ("b", ["x": "é"])])
        },
        behaviour("a later commit replaces, adds and deletes") { store in
            try await store.commit(
                [DocumentKey("a"): 1, DocumentKey("b"): 2], cursor: cursor(1), of: "p", after: nil)
            try await store.commit(
                [DocumentKey("a"): nil, DocumentKey("b"): 3, DocumentKey("c"): .null],
                cursor: cursor(2, version: 5), of: "p", after: cursor(1))
            try await expectAll(store, "p", [("b", 3), ("c", .null)])
            try Expect.equal(await store.cursor(of: "p"), cursor(2, version: 5), "the cursor")
        },
        behaviour("deleting what is not there is harmless") { store in
            try await store.commit([DocumentKey("a"): nil], cursor: cursor(1), of: "p", after: nil)
            try await expectAll(store, "p", [])
        },
        behaviour("a commit of a cursor alone keeps the documents") { store in
            try await store.commit([DocumentKey("a"): 1], cursor: cursor(1), of: "p", after: nil)
            try await store.commit([:], cursor: cursor(2), of: "p", after: cursor(1))
            try await expectAll(store, "p", [("a", 1)])
            try Expect.equal(await store.cursor(of: "p"), cursor(2), "the cursor")
        },
        behaviour("of two that fold on from one cursor, the first commits") { store in
            try await store.commit([DocumentKey("a"): 1], cursor: cursor(1), of: "p", after: nil)
            try await store.commit(
                [DocumentKey("a"): 2], cursor: cursor(2), of: "p", after: cursor(1))
            for known in [nil, cursor(1), cursor(2, version: 2), cursor(3)] {
                var refusal: StoreError?
                do throws(StoreError) {
                    try await store.commit(
                        [DocumentKey("a"): 3, DocumentKey("b"): 3], cursor: cursor(3), of: "p",
                        after: known)
                } catch {
                    refusal = error
                }
                try Expect.equal(refusal?.code, .conflict, "the refusal of a stale commit")
            }
            try await expectAll(store, "p", [("a", 2)])
            try Expect.equal(await store.cursor(of: "p"), cursor(2), "the cursor")
        },
        behaviour("what is replaced is gone") { store in
            try await store.commit([DocumentKey("a"): 1], cursor: cursor(9), of: "p", after: nil)
            try await store.replace([DocumentKey("b"): 2], cursor: cursor(3), of: "p")
            try await expectAll(store, "p", [("b", 2)])
            try Expect.equal(await store.cursor(of: "p"), cursor(3), "the cursor")
        },
        behaviour("a snapshot stays as it was") { store in
            try await store.commit([DocumentKey("a"): 1], cursor: cursor(1), of: "p", after: nil)
            let snapshot = try await store.snapshot()
            try await store.commit(
                [DocumentKey("a"): 2, DocumentKey("b"): 2], cursor: cursor(2), of: "p",
                after: cursor(1))
            try await expectAll(snapshot, "p", [("a", 1)])
            try Expect.equal(await snapshot.cursor(of: "p"), cursor(1), "the cursor")
            try await store.reset("p")
            try await expectAll(snapshot, "p", [("a", 1)])
            let first = try await snapshot.documents(of: "p", from: DocumentKey(""), limit: 5)
            try Expect.equal(first.map(\.key.text), ["a"], "its first documents")
            try await expectAll(store, "p", [])
        },
        behaviour("projections do not see each other") { store in
            try await store.commit([DocumentKey("a"): 1], cursor: cursor(1), of: "p", after: nil)
            try await store.commit([DocumentKey("a"): 2], cursor: cursor(2), of: "q", after: nil)
            try await store.reset("p")
            try Expect.equal(await store.cursor(of: "p"), nil, "the cursor that was reset")
            try await expectAll(store, "p", [])
            try await expectAll(store, "q", [("a", 2)])
            try Expect.equal(await store.cursor(of: "q"), cursor(2), "the other cursor")
        },
        behaviour("documents come by key in byte order, twins of normalisation apart") { store in
            let keys = ["b", "a", "", "é", "e\u{301}", "\u{E000}", "\u{10000}", "Z", "a/b"]
            var changes: [DocumentKey: JSONValue?] = [:]
            for (index, key) in keys.enumerated() {
                changes[DocumentKey(key)] = .number(Double(index))
            }
            try await store.commit(changes, cursor: cursor(1), of: "p", after: nil)
            let found = try await store.allDocuments(of: "p").map { Array($0.0.text.utf8) }
            let expected = keys.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
            try Expect.equal(found, expected, "the keys")
        },
        behaviour("documents come in pages from a key on") { store in
            try await store.commit(
                [
                    DocumentKey("a"): 1, DocumentKey("b"): 2, DocumentKey("c"): 3,
                    DocumentKey("é"): 4,
                ],
                cursor: cursor(1), of: "p", after: nil)
            try await store.commit([DocumentKey("b"): 9], cursor: cursor(1), of: "q", after: nil)
            for (from, limit, expected) in [
                ("", 2, ["a", "b"]), ("b", 2, ["b", "c"]), ("bb", 9, ["c", "é"]), ("é", 1, ["é"]),
                ("ê", 5, []),
            ] {
                let found = try await store.documents(
                    of: "p", from: DocumentKey(from), limit: limit)
                try Expect.equal(found.map(\.key.text), expected, "from \(from)")
            }
        },
        behaviour("every JSON value comes back as it was") { store in
            var random = RandomJSON(Seed.numbers(for: "documents"))
            var changes: [DocumentKey: JSONValue?] = [:]
            for number in 0..<50 { changes[DocumentKey("d\(number)")] = .some(random.value()) }
            changes[DocumentKey("large")] = .number(1e20)
            try await store.commit(changes, cursor: cursor(1), of: "p", after: nil)
            for (key, value) in try await store.allDocuments(of: "p") {
                try Expect.equal(value, changes[key] ?? nil, "the document \(key)")
            }
            try Expect.equal(await store.allDocuments(of: "p").count, changes.count, "their number")
        },
        behaviour("a cursor comes back with its position, hash and version") { store in
            for version in [1, 2, 1000] {
                let kept = cursor(UInt64(version) * 7, version: version)
                try await store.replace([:], cursor: kept, of: "p")
                try Expect.equal(await store.cursor(of: "p"), kept, "the cursor")
            }
        },
    ]

    private static func behaviour(
        _ description: String,
        _ steps: @escaping @Sendable (any ReadModelStore) async throws -> Void
    ) -> Behaviour {
        Behaviour(description) { factory in
            try await factory.withNewStore { store in try await steps(store) }
        }
    }

    private static func cursor(_ position: UInt64, version: Int = 1) -> ProjectionCursor {
        ProjectionCursor(
            position: Position(position), hash: SHA256.hash([UInt8(truncatingIfNeeded: position)]),
            version: version)
    }

    private static func expectAll(
        _ store: any ReadModels, _ projection: String, _ expected: [(String, JSONValue)]
    ) async throws {
        let found = try await store.allDocuments(of: projection)
        try Expect.equal(found.map(\.0.text), expected.map(\.0), "the keys")
        try Expect.equal(found.map(\.1), expected.map(\.1), "the documents")
    }
}
