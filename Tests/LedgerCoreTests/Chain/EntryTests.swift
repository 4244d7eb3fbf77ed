import LedgerCore
import Testing

@Suite("Entries")
struct EntryTests {
    /// The worked example of docs/spec/entry.md and docs/spec/tree.md.
    @Test("the worked example of the specification: two entries and their root")
    func example() throws {
        var hasher = EntryHasher()
        let first = hasher.hash(previous: .zero, eventBytes: Array(#"{"id":"1"}"#.utf8))
        #expect(first.hex == "4de963b04cdfe707d084fd0f5a1cdf4e2723cb09f764e02725a69b73d001e6c8")
        let second = hasher.hash(previous: first, eventBytes: Array(#"{"id":"2"}"#.utf8))
        #expect(second.hex == "7cf58ae7ff99613f070c50cb534b80493a662a9c908c544cafe81e2e1f0331b2")
        var tree = TreeHasher()
        #expect(
            tree.node(first, second).hex
                == "75d4354d0f9504c6c381327f0ec03864a684db023e64b4dd2fedc90459f770d1")
    }

    @Test("an entry hash is the RFC 6962 leaf hash of the link and the event")
    func leafHash() {
        var hasher = EntryHasher()
        let previous = SHA256.hash([7])
        for event in [[], [0x7B, 0x7D], [UInt8](repeating: 0x61, count: Entry.largestEvent)] {
            let expected = SHA256.hash([0x00] + previous.bytes + event)
            #expect(hasher.hash(previous: previous, eventBytes: event) == expected)
        }
    }

    @Test("sizes and positions fit together")
    func positions() {
        #expect(TreeSize(through: .first) == TreeSize(1))
        #expect(TreeSize(3).last == Position(2))
        #expect(TreeSize.empty.last == nil)
        #expect(TreeSize(3).covers(Position(2)) && !TreeSize(3).covers(Position(3)))
        #expect(!TreeSize.empty.covers(.first))
        #expect(Position(2) < Position(3) && Position(2).next == Position(3))
    }
}
