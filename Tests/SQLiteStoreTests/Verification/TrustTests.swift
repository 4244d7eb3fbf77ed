import EventSourcing
import LedgerCore
import LedgerTesting
import SQLiteStore
import Testing

/// What only evidence from outside can show.
@Suite("Trust from outside")
struct TrustTests {
    private func filled() async throws -> (ledger: TestLedger, receipts: [Receipt]) {
        let ledger = try TestLedger()
        let receipts = try await ledger.append(
            (1...5).map { try Drafts.draft("e\($0)", subject: "s") })
        return (ledger, receipts)
    }

    private func trusting(
        key: SigningKey? = nil, _ checkpoints: [SignedNote] = [], receipts: [Receipt] = []
    ) throws -> Trust {
        var trust = Trust()
        trust.key = key.map { Trust.TrustedKey(name: nil, publicKey: $0.publicKey) }
        trust.checkpoints = checkpoints.map { Trust.Evidence($0, from: "kept") }
        trust.receipts = try receipts.map {
            Trust.Evidence(try TrustedReceipt($0.json), from: "kept")
        }
        return trust
    }

    @Test("a ledger that was left alone agrees with everything that was kept of it")
    func untouched() async throws {
        let (ledger, receipts) = try await filled()
        let trust = try trusting(
            key: Keys.first(), receipts.map(\.checkpoint), receipts: receipts)
        try ledger.expect([], trust: trust)
        try ledger.expect([], trust: trust, isQuick: true)
        try await ledger.append(Drafts.drafts(10..<13))
        try ledger.expect([], trust: trust)
    }

    @Test("a removed tail is seen by a checkpoint and by a receipt only")
    func removedTail() async throws {
        let (ledger, receipts) = try await filled()
        let last = try #require(receipts.last)
        try ledger.tamper(
            "DELETE FROM entries WHERE position > 3; DELETE FROM checkpoints WHERE size > 4")
        try ledger.expect([])
        try ledger.expect([Found(.trustedCheckpoint, 5)], trust: trusting([last.checkpoint]))
        let byReceipt = try ledger.verify(trust: trusting(receipts: [last])).places
        #expect(Set(byReceipt) == [Found(.trustedReceipt, 5)])
        try ledger.expect([], trust: trusting(receipts: [receipts[2]]))
    }

    @Test("a log that its own key rewrote is seen by what was kept from after the change")
    func rewrittenByOwner() async throws {
        let (ledger, receipts) = try await filled()
        var events = try ledger.events()
        events[3] = events[3].replacing("com.example.done", with: "com.example.undone")
        try ledger.forge(events)
        try ledger.expect([], trust: trusting(key: Keys.first()))
        for receipt in receipts {
            let position = Int64(receipt.position.value)
            let isAfter = position >= 3
            let found = try ledger.verify(trust: trusting(receipts: [receipt])).places
            #expect(Set(found) == (isAfter ? [Found(.trustedReceipt, position)] : []))
            let byNote = try ledger.verify(trust: trusting([receipt.checkpoint])).places
            #expect(byNote == (isAfter ? [Found(.trustedCheckpoint, position)] : []))
        }
    }

    @Test("a log that was made anew with another key is seen by the trusted key")
    func rewrittenWithOtherKey() async throws {
        let (ledger, receipts) = try await filled()
        let other = LedgerSigner(origin: try Keys.origin(), key: try Keys.second())
        let forgery = try TestLedger(signedBy: other)
        var events = try ledger.events()
        events[0] = try #require(try forgery.events().first)
        try ledger.forge(events, signedBy: other.key)
        try ledger.expect([])
        let found = try ledger.verify(trust: trusting(key: Keys.first())).places
        #expect(found.first == Found(.trustedKey, 0) && found.contains(Found(.checkpoint, 5)))
        let byNote = try ledger.verify(trust: trusting([receipts[4].checkpoint])).places
        #expect(byNote == [Found(.trustedCheckpoint, 5)])
    }

    @Test("a checkpoint of another key, another log or another root is a finding")
    func badCheckpoints() async throws {
        let (ledger, receipts) = try await filled()
        let good = try Checkpoint(parsing: receipts[2].checkpoint.text)
        let otherOrigin = Checkpoint(
            origin: try KeyName("example.com/other"), size: good.size, root: good.root)
        let otherRoot = Checkpoint(origin: good.origin, size: good.size, root: SHA256.hash([1]))
        for note in [
            try good.signed(by: Keys.second()), try otherOrigin.signed(by: Keys.first()),
            try otherRoot.signed(by: Keys.first()),
        ] {
            try ledger.expect([Found(.trustedCheckpoint, 3)], trust: trusting([note]))
        }
    }

    @Test("the checkpoint of an empty log is one of every log")
    func emptyCheckpoint() async throws {
        let (ledger, _) = try await filled()
        let empty = Checkpoint(
            origin: try Keys.origin(), size: .empty, root: TreeHasher.emptyRoot)
        try ledger.expect([], trust: trusting([empty.signed(by: Keys.first())]))
    }

    @Test("a receipt with any part changed is a finding")
    func badReceipts() async throws {
        let (ledger, receipts) = try await filled()
        let other = JSONValue.string(SHA256.hash([1]).hex)
        for (name, value) in [
            ("hash", other), ("previous", other), ("position", 2), ("position", 99),
            ("position", .number(9_007_199_254_740_991)),
            ("checkpoint", .string(receipts[0].checkpoint.description)),
        ] as [(String, JSONValue)] {
            var object = try #require(receipts[2].json.object)
            object[name] = value
            var trust = Trust()
            trust.receipts = [Trust.Evidence(try TrustedReceipt(.object(object)), from: "kept")]
            let found = try ledger.verify(trust: trust)
            #expect(!found.isEmpty && found.allSatisfy { $0.kind == .trustedReceipt }, "\(name)")
        }
    }

    @Test(
        "what is no receipt is refused",
        arguments: [
            ("position", nil), ("position", -1), ("position", .number(0.5)), ("position", "1"),
            ("hash", nil), ("hash", "00"), ("hash", 1), ("previous", nil), ("previous", ""),
            ("checkpoint", nil), ("checkpoint", ""), ("checkpoint", "no note"), ("checkpoint", 1),
        ] as [(String, JSONValue?)])
    func noReceipt(name: String, value: JSONValue?) async throws {
        let (_, receipts) = try await filled()
        var object = try #require(receipts[0].json.object)
        object[name] = value
        #expect(throws: NoteError.self) { try TrustedReceipt(.object(object)) }
    }
}
