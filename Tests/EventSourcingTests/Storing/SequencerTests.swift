import EventSourcing
import LedgerCore
import LedgerTesting
import Testing

@Suite("The sequencer")
struct SequencerTests {
    private func event(_ length: Int) throws -> CloudEvent {
        try Drafts.draft("1", data: .string(String(repeating: "x", count: length))).event
    }

    @Test("an event of exactly the limit has a place, one byte more is refused")
    func sizeLimit() throws {
        var sequencer = Sequencer(continuing: CompactRange(), after: nil)
        let small = try sequencer.place(event(0), version: nil, now: ManualClock.start)
        let room = Entry.largestEvent - small.entry.eventBytes.count
        let largest = try sequencer.place(event(room), version: nil, now: ManualClock.start)
        #expect(largest.entry.eventBytes.count == 61_440)
        let error = #expect(throws: StoreError.self) {
            _ = try sequencer.place(event(room + 1), version: nil, now: ManualClock.start)
        }
        #expect(error?.code == .badInput)
        #expect(sequencer.size == TreeSize(2), "a refused event takes no place")
    }

    @Test("a refused event leaves the chain as it was")
    func refusal() throws {
        var sequencer = Sequencer(continuing: CompactRange(), after: nil)
        let first = try sequencer.place(event(1), version: nil, now: ManualClock.start)
        _ = try? sequencer.place(event(100_000), version: nil, now: ManualClock.start)
        let second = try sequencer.place(event(2), version: nil, now: ManualClock.start)
        #expect(second.entry.previous == first.entry.hash)
        #expect(second.entry.position == Position(1))
    }

    @Test("the recorded bytes are canonical, with the time and the version of the ledger")
    func recordedBytes() throws {
        var sequencer = Sequencer(continuing: CompactRange(), after: nil)
        let draft = try Drafts.draft("1", subject: "s", data: ["b": 1, "a": 2])
        let placed = try sequencer.place(
            draft.event, version: StreamVersion(7), now: ManualClock.start)
        let expected =
            #"{"data":{"a":2,"b":1},"id":"1","recordedtime":"2026-01-31T12:00:00.000000Z","#
            + #""source":"https://ci.example.com/shop","specversion":"1.0","streamversion":7,"#
            + #""subject":"s","type":"com.example.done"}"#
        #expect(String(decoding: placed.entry.eventBytes, as: UTF8.self) == expected)
    }

    @Test("time never decreases, not even from the last entry of a log that is taken up")
    func time() throws {
        var first = Sequencer(continuing: CompactRange(), after: nil)
        let later = Timestamp(microseconds: ManualClock.start.microseconds + 5)
        let placed = try first.place(event(0), version: nil, now: later)
        var range = CompactRange()
        var hasher = TreeHasher()
        range.append(placed.entry.hash, with: &hasher)
        var second = Sequencer(continuing: range, after: try RecordedEvent(placed.entry))
        let next = try second.place(event(0), version: nil, now: ManualClock.start)
        #expect(next.time == later && next.entry.previous == placed.entry.hash)
    }

    @Test("every 256th event completes a subtree")
    func subtrees() throws {
        var sequencer = Sequencer(continuing: CompactRange(), after: nil)
        var found: [UInt64: [UInt64]] = [:]
        let event = try event(0)
        for position in 0..<520 as Range<UInt64> {
            let placed = try sequencer.place(event, version: nil, now: ManualClock.start)
            for subtree in placed.subtrees {
                #expect(subtree.level == 1)
                found[position, default: []].append(subtree.number)
            }
        }
        #expect(found == [255: [0], 511: [1]])
    }
}
