import EventSourcing
import LedgerCore
import LedgerTesting
import Testing

@Suite("Running projections")
struct ProjectionRunnerTests {
    private let models = InMemoryReadModelStore()
    private let clock = ManualClock()

    private func newLog(_ drafts: [EventDraft] = []) async throws -> InMemoryEventStore {
        let log = try InMemoryEventStore(signer: Keys.signer(), clock: clock.reading)
        _ = try await log.append(drafts)
        return log
    }

    private func count(_ key: String, of projection: Counting = Counting()) async throws -> Int64? {
        try await models.documents(of: projection.name, [DocumentKey(key)])[DocumentKey(key)]?
            .integer
    }

    @Test("a log is folded to its end, whatever the size of a page", arguments: [1, 2, 3, 7, 500])
    func catchUp(pageSize: Int) async throws {
        let log = try await newLog(
            (0..<20).map { try Drafts.draft("\($0)", subject: "s\($0 % 3)") })
        try await ProjectionRunner(log: log, models: models).catchUp(Counting(), pageSize: pageSize)
        #expect(try await count("s0") == 7)
        #expect(try await count("s1") == 7)
        #expect(try await count("s2") == 6)
        #expect(try await count("ledger") == 1)
        let head = try await log.head()
        let cursor = ProjectionCursor(position: Position(20), hash: head.hash, version: 1)
        #expect(try await models.cursor(of: "counting") == cursor)
    }

    @Test("the next run goes on where the last one stopped")
    func resumption() async throws {
        let log = try await newLog([try Drafts.draft("1", subject: "s")])
        let runner = ProjectionRunner(log: log, models: models)
        try await runner.catchUp(Counting())
        // A mark that folding anew would wipe out.
        let cursor = try #require(try await models.cursor(of: "counting"))
        try await models.commit(
            [DocumentKey("s"): 100], cursor: cursor, of: "counting", after: cursor)
        try await runner.catchUp(Counting())
        #expect(try await count("s") == 100)
        _ = try await log.append([try Drafts.draft("2", subject: "s")])
        try await runner.catchUp(Counting())
        #expect(try await count("s") == 101)
    }

    @Test("another version of the fold starts over")
    func otherVersion() async throws {
        let log = try await newLog([try Drafts.draft("1", subject: "s")])
        let runner = ProjectionRunner(log: log, models: models)
        try await runner.catchUp(Counting())
        try await runner.catchUp(Counting(version: 2, step: 10))
        #expect(try await count("s") == 10)
        try await runner.catchUp(Counting(version: 1))
        #expect(try await count("s") == 1)
    }

    @Test("a log that was rewound to an older copy starts over")
    func rewound() async throws {
        let long = try await newLog((0..<5).map { try Drafts.draft("\($0)", subject: "s") })
        try await ProjectionRunner(log: long, models: models).catchUp(Counting())
        let short = try await newLog((0..<2).map { try Drafts.draft("\($0)", subject: "s") })
        try await ProjectionRunner(log: short, models: models).catchUp(Counting())
        #expect(try await count("s") == 2)
    }

    @Test("another log of the same length starts over")
    func replaced() async throws {
        let first = try await newLog([try Drafts.draft("1", subject: "s")])
        try await ProjectionRunner(log: first, models: models).catchUp(Counting())
        let second = try await newLog([try Drafts.draft("1", subject: "t")])
        try await ProjectionRunner(log: second, models: models).catchUp(Counting())
        #expect(try await count("s") == nil)
        #expect(try await count("t") == 1)
    }

    @Test("a document that the fold gives up is deleted, and may come back", arguments: [1, 500])
    func deletes(pageSize: Int) async throws {
        let log = try await newLog([
            try Drafts.draft("1", subject: "s"),
            try Drafts.draft("2", subject: "s", type: "com.example.closed"),
        ])
        let runner = ProjectionRunner(log: log, models: models)
        try await runner.catchUp(Counting(), pageSize: pageSize)
        #expect(try await count("s") == nil)
        _ = try await log.append([try Drafts.draft("3", subject: "s")])
        try await runner.catchUp(Counting(), pageSize: pageSize)
        #expect(try await count("s") == 1)
    }

    @Test("a document that was deleted earlier in a page starts anew within the page")
    func deletedWithinPage() async throws {
        let log = try await newLog([
            try Drafts.draft("1", subject: "s"), try Drafts.draft("2", subject: "s"),
        ])
        let runner = ProjectionRunner(log: log, models: models)
        try await runner.catchUp(Counting())
        _ = try await log.append([
            try Drafts.draft("3", subject: "s", type: "com.example.closed"),
            try Drafts.draft("4", subject: "s"),
        ])
        try await runner.catchUp(Counting())
        #expect(try await count("s") == 1)
    }

    @Test("of two that fold at once, neither counts an event twice", arguments: [1, 500])
    func atOnce(pageSize: Int) async throws {
        let log = try await newLog((0..<5).map { try Drafts.draft("\($0)", subject: "s") })
        let interrupted = InterruptedReadModelStore(models) { [models] in
            try await ProjectionRunner(log: log, models: models).catchUp(Counting())
            _ = try await log.append([try Drafts.draft("later", subject: "s")])
        }
        try await ProjectionRunner(log: log, models: interrupted).catchUp(
            Counting(), pageSize: pageSize)
        #expect(try await count("s") == 6)
    }

    @Test("the streams projection tells of each stream its length and its last event")
    func streams() async throws {
        let log = try await newLog([try Drafts.draft("1", subject: "s"), try Drafts.draft("2")])
        clock.advance(seconds: 5)
        _ = try await log.append([try Drafts.draft("3", subject: "s", type: "com.example.last")])
        try await ProjectionRunner(log: log, models: models).catchUp(StreamsProjection())
        let documents = try await models.allDocuments(of: "streams")
        #expect(documents.map(\.0.text) == ["ledger", "s"])
        #expect(
            documents.last?.1 == [
                "events": 2,
                "last": [
                    "position": 3, "recordedtime": .string(clock.now.description),
                    "type": "com.example.last",
                ],
            ])
    }
}

/// Counts the events of each stream; a closed stream is forgotten.
private struct Counting: Projection {
    let name = "counting"
    var version = 1
    var step: Int32 = 1

    func keys(of event: RecordedEvent) -> [DocumentKey] {
        event.event.subject.map { [DocumentKey($0.text)] } ?? []
    }

    func evolve(
        _ document: JSONValue?, at key: DocumentKey, with event: RecordedEvent
    ) -> JSONValue? {
        guard event.event.type != EventType("com.example.closed") else { return nil }
        return .number(Double((document?.integer ?? 0) + Int64(step)))
    }
}
