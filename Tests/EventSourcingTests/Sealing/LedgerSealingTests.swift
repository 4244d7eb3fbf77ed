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
        _ = try await LedgerSealing(log: log, models: models).seal(at: clock.now)
        try await withThrowingTaskGroup(of: RecordedSeal.self) { group in
            for number in 0..<8 {
                group.addTask { [models, clock] in
                    _ = try await log.append([try Drafts.draft("later \(number)", subject: "s0")])
                    return try await LedgerSealing(log: log, models: models).seal(at: clock.now)
                }
            }
            for try await seal in group { try await check(seal, of: log) }
        }
    }

    @Test("an index that somebody has changed is folded anew", arguments: ["change", "leave out"])
    func wrong(_ how: String) async throws {
        let log = try await newLog(600)
        let sealing = LedgerSealing(log: log, models: models)
        try await check(sealing.seal(at: clock.now), of: log)
        _ = try await log.append([try Drafts.draft("after", subject: "s0")])
        let cursor = try #require(try await models.cursor(of: "sealed-index"))
        let all = try await models.allDocuments(of: "sealed-index")
        let (key, document) = try #require(all.first { $0.0.text.hasPrefix("leaves:") })
        var object = try #require(document.object)
        var leaves = try #require(object["leaves"]?.array)
        if how == "change" { leaves[3] = leaves[4] } else { leaves.remove(at: 3) }
        object["leaves"] = .array(leaves)
        try await models.commit(
            [key: .object(object)], cursor: cursor, of: "sealed-index", after: cursor)
        try await check(sealing.seal(at: clock.now), of: log)
    }

    @Test("each seal goes on from the one before, whatever keys are new, grown or as they were")
    func on() async throws {
        let log = try await newLog(10)
        let sealing = LedgerSealing(log: log, models: models)
        var numbers = Seed.numbers(for: "seals")
        for round in 0..<20 {
            let drafts = try (0..<Int.random(in: 0...40, using: &numbers)).map {
                try Drafts.draft(
                    "\(round).\($0)", subject: "s\(Int.random(in: 0...500, using: &numbers))")
            }
            _ = try await log.append(drafts)
            let seal = try await sealing.seal(at: clock.now)
            try await check(seal, of: log)
            #expect(try await SealedIndex(seal, in: models) != nil)
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
