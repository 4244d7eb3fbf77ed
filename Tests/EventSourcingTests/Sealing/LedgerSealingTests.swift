import EventSourcing
import LedgerCore
import LedgerTesting
import Testing

@Suite("Sealing a log")
struct LedgerSealingTests {
    private let models = InMemoryReadModelStore()
    private let clock = ManualClock()

    private func newLog(_ count: Int) async throws -> InMemoryEventStore {
        let log = try InMemoryEventStore(signer: Keys.signer(), clock: clock.reading)
        _ = try await log.append((0..<count).map { try Drafts.draft("\($0)", subject: "s\($0)") })
        return log
    }

    /// Folds the log anew, and throws if the seal does not commit its index.
    private func check(_ seal: RecordedSeal, of log: InMemoryEventStore) async throws {
        _ = try await LedgerSealing(log: log, models: InMemoryReadModelStore()).index(of: seal)
    }

    @Test("two that seal at once commit the index of the log")
    func atOnce() async throws {
        let log = try await newLog(5)
        let interrupted = InterruptedReadModelStore(models) { [models, clock] in
            _ = try await log.append([try Drafts.draft("later", subject: "s0")])
            _ = try await LedgerSealing(log: log, models: models).seal(at: clock.now)
            _ = try await log.append([try Drafts.draft("last", subject: "s0")])
        }
        let seal = try await LedgerSealing(log: log, models: interrupted).seal(at: clock.now)
        #expect(seal.position.value == 9)
        try await check(seal, of: log)
        try await check(LedgerSealing(log: log, models: models).seal(at: Position(7)), of: log)
    }

    @Test("an index that has an entry twice, or has missed one, is folded anew")
    func wrong() async throws {
        let log = try await newLog(3)
        let sealing = LedgerSealing(log: log, models: models)
        try await check(sealing.seal(at: clock.now), of: log)
        for count in [1, 7] {
            _ = try await log.append([try Drafts.draft("after \(count)", subject: "s0")])
            let cursor = try await models.cursor(of: "index")
            let key = DocumentKey("type:\(LedgerCreated.definition.type.text)")
            let document = try await models.documents(of: "index", [key])[key]
            var object = try #require(document?.object)
            object["count"] = .number(Double(count - 1))
            try await models.commit(
                [key: .object(object)], cursor: #require(cursor), of: "index", after: cursor)
            try await check(sealing.seal(at: clock.now), of: log)
        }
    }

    @Test("proofs of a seal's index hold while a later seal is kept in its place")
    func proofs() async throws {
        let log = try await newLog(600)
        let sealing = LedgerSealing(log: log, models: models)
        let first = try await sealing.seal(at: clock.now)
        let index = try await sealing.index(of: first)
        _ = try await log.append((0..<600).map { try Drafts.draft("b\($0)", subject: "t\($0)") })
        _ = try await sealing.seal(at: clock.now)
        let sealed = first.sealed.index
        for name in ["s0", "s300", "s599"] {
            let leaf = try #require(try await index.leaf(of: .subject(name)))
            #expect(leaf.verifies(in: sealed))
        }
        #expect(try await index.leaf(of: .subject("t1")) == nil)
        let absence = try #require(try await index.absence(of: .subject("t1")))
        #expect(absence.verifies(in: sealed))
    }
}
