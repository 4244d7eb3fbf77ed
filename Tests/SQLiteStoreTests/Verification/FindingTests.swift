import EventSourcing
import LedgerCore
import LedgerTesting
import SQLiteStore
import Testing

/// Each kind of docs/spec/verification.md, by a damage made for it, where the specification has it: nothing more is found,
/// and nothing less.
@Suite("Findings about entries")
struct FindingTests {
    /// Entries 1 to 6: of stream s at 1, 3 and 5.
    private func filled() async throws -> TestLedger {
        let ledger = try TestLedger()
        try await ledger.append(
            (1...6).map { try Drafts.draft("e\($0)", subject: $0.isMultiple(of: 2) ? nil : "s") })
        try ledger.expect([])
        return ledger
    }

    /// Rewrites one event, and all hashes and signatures after it.
    private func forged(
        _ position: Int, replacing: String, with replacement: String, schema: String = ""
    ) async throws -> TestLedger {
        let ledger = try await filled()
        var events = try ledger.events()
        let changed = events[position].replacing(replacing, with: replacement)
        #expect(changed != events[position])
        events[position] = changed
        try ledger.forge(events, schema: schema)
        return ledger
    }

    @Test("a forger with the key leaves nothing to find from inside")
    func forger() async throws {
        let ledger = try await forged(3, replacing: "com.example.done", with: "com.example.undone")
        try ledger.expect([])
    }

    @Test("hash: an event that was changed, and nothing else")
    func hash() async throws {
        let ledger = try await filled()
        try ledger.tamper(
            "UPDATE entries SET event = replace(event, 'done', 'gone') WHERE position = 2")
        try ledger.expect([Found(.hash, 2)])
        try ledger.expect([Found(.hash, 2)], isQuick: true)
    }

    @Test("hash: the last entry's hash, which the newest checkpoint covers too")
    func lastHash() async throws {
        let ledger = try await filled()
        try ledger.tamper("UPDATE entries SET hash = zeroblob(32) WHERE position = 6")
        try ledger.expect([Found(.hash, 6), Found(.checkpoint, 6)])
    }

    @Test(
        "position: a gap is one finding at its first missing entry",
        arguments: [[2], [2, 4], [4, 5]])
    func gaps(removed: [Int]) async throws {
        let ledger = try await filled()
        let list = removed.map(String.init).joined(separator: ", ")
        try ledger.tamper("DELETE FROM entries WHERE position IN (\(list))")
        let expected: [Found] =
            removed == [2, 4]
            ? [Found(.position, 2), Found(.position, 4)] : [Found(.position, Int64(removed[0]))]
        let found = try ledger.verify().places.filter { $0.kind != .stream }
        #expect(found == expected)
    }

    @Test("position: the first entry is missing")
    func firstMissing() async throws {
        let ledger = try await filled()
        try ledger.tamper("DELETE FROM entries WHERE position = 0")
        let found = try ledger.verify().places
        #expect(found.contains(Found(.position, 0)) && found.contains(Found(.created, 0)))
    }

    @Test(
        "canonical: an event in another form",
        arguments: [
            (#"{"id""#, #"{ "id""#), ("com.example", "com\\u002eexample"), (#""1.0""#, #""1.0" "#),
        ])
    func canonical(form: String, other: String) async throws {
        let ledger = try await forged(2, replacing: form, with: other)
        try ledger.expect([Found(.canonical, 2)])
    }

    @Test(
        "event: an event that breaks a rule",
        arguments: [
            (#""id":"e2""#, #""id":"""#), (#""specversion":"1.0""#, #""specversion":"1.1""#),
            (#"{"id""#, #"{"Bad":1,"id""#), ("00:02.000000Z", "00:02Z"),
            (#""type""#, #""streamversion":1,"type""#), (#"{"id""#, #"{"actor":null,"id""#),
        ])
    func event(form: String, other: String) async throws {
        let ledger = try await forged(2, replacing: form, with: other)
        try ledger.expect([Found(.event, 2)])
    }

    @Test("created: the first entry is of another type, or names another key than the signatures'")
    func created() async throws {
        let type = try await forged(0, replacing: "created.v1", with: "created.v2")
        #expect(try type.verify().places.contains(Found(.created, 0)))
        let format = try await forged(0, replacing: #""format":1"#, with: #""format":2"#)
        #expect(try format.verify().places.contains(Found(.created, 0)))
        let origin = try await forged(
            0, replacing: #""origin":"example.com/shop""#, with: #""origin":"x""#)
        #expect(try origin.verify().places.contains(Found(.created, 0)))
    }

    @Test("created: a later entry of its type")
    func createdAgain() async throws {
        let ledger = try await forged(
            4, replacing: "com.example.done", with: "dev.daybook.ledger.created.v1")
        try ledger.expect([Found(.created, 4)])
    }

    @Test("time: recordedtime before that of the entry before")
    func time() async throws {
        let ledger = try await forged(4, replacing: "T12:00:04", with: "T11:00:04")
        try ledger.expect([Found(.time, 4)])
        let same = try await forged(4, replacing: "T12:00:04", with: "T12:00:03")
        try same.expect([])
    }

    @Test("stream: a version out of step, going on from the stored number")
    func stream() async throws {
        let skipped = try await forged(
            3, replacing: #""streamversion":2"#, with: #""streamversion":9"#)
        try skipped.expect([Found(.stream, 3), Found(.stream, 5)])
        let first = try await forged(
            1, replacing: #""streamversion":1"#, with: #""streamversion":7"#)
        try first.expect([Found(.stream, 1), Found(.stream, 3)])
        let last = try await forged(
            5, replacing: #""streamversion":3"#, with: #""streamversion":4"#)
        try last.expect([Found(.stream, 5)])
    }

    @Test("key: an entry with the source and id of an earlier one, though the index was taken away")
    func key() async throws {
        let ledger = try await forged(
            4, replacing: #""id":"e4""#, with: #""id":"e2""#, schema: "DROP INDEX entries_by_key")
        try ledger.expect([Found(.key, 4), Found(.schema, nil)])
    }

    @Test("index: an index that says something else than the event")
    func index() async throws {
        let ledger = try TestLedger()
        try await ledger.append(
            [2, 4, 6, 8].map { try Drafts.draft("unmistakable-\($0)", subject: "s\($0)") })
        let bytes = try ledger.settled()
        let id = Array("unmistakable-6".utf8)
        // In the event a quotation mark follows; in the index it does not.
        let inIndex = bytes.offsets(of: id).filter { bytes[$0 + id.count] != UInt8(ascii: "\"") }
        try #require(inIndex.count == 1)
        // Still between its neighbours, so that they are found.
        try ledger.overwrite(at: inIndex[0] + id.count - 1, with: [UInt8(ascii: "7")])
        try ledger.expect([Found(.index, 3)])
    }

    @Test("an event that is no JSON is found, and no check that compares entries trips over it")
    func noJSON() async throws {
        let ledger = try await filled()
        let events = try ledger.events()
        let bytes = try ledger.settled()
        let place = try #require(bytes.offsets(of: Array(events[3].utf8)).first)
        try ledger.overwrite(at: place, with: Array("[[[[[[[[".utf8))
        let found = try ledger.verify().places
        #expect(found.contains(Found(.hash, 3)) && found.contains(Found(.canonical, 3)))
        #expect(found.allSatisfy { $0.position == 3 || $0.kind == .stream }, "\(found)")
    }
}
