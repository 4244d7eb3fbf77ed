import LedgerCore
import Testing

@Suite("The index of keys")
struct KeyTallyTests {
    @Test(
        "a leaf is the canonical JSON of its members, whatever the key holds",
        arguments: [
            "type:a", "subject:release/shop/1.5.0", "subject:\"\\\u{8}\u{1F}/\u{7F}",
            "subject:日本 \u{1F600}",
        ])
    func leaf(key: String) {
        for count: UInt64 in [1, 9, 10, 1 << 32, (1 << 53) - 1] {
            let accumulator = SHA256.hash(Array(key.utf8))
            let leaf = IndexLeaf(
                key: IndexKey(key), tally: KeyTally(count: count, accumulator: accumulator))
            #expect(
                leaf.bytes
                    == CanonicalJSONWriter.bytes(of: [
                        "acc": .string(accumulator.hex), "count": .number(Double(count)),
                        "key": .string(key),
                    ]))
        }
    }

    /// docs/spec/index.md, from entry.md's two entries.
    @Test("the specification's example")
    func example() throws {
        let hashes = try [
            "4de963b04cdfe707d084fd0f5a1cdf4e2723cb09f764e02725a69b73d001e6c8",
            "7cf58ae7ff99613f070c50cb534b80493a662a9c908c544cafe81e2e1f0331b2",
        ].map { try #require(Digest(hex: $0)) }
        var hasher = IndexHasher()
        var both = KeyTally.none
        var second = KeyTally.none
        for hash in hashes { both.add(hash, with: &hasher) }
        second.add(hashes[1], with: &hasher)
        #expect(
            both.accumulator.hex
                == "2311747d45a945ddb2f844c1e359276affbd5218d3a058976eba62ed8885a4ee")
        #expect(
            second.accumulator.hex
                == "ecc0aeaa91fb741dc98d169a06be7bdcd4259445d4431cc35854e96edf07701e")
        var tree = TreeHasher()
        var range = CompactRange()
        for leaf in [
            IndexLeaf(key: .subject("s"), tally: second), IndexLeaf(key: .type("a"), tally: both),
        ] {
            range.append(hasher.leaf(leaf), with: &tree)
        }
        #expect(
            range.root(with: &tree).hex
                == "4269f9ffabae04f67116b8af32ead81e72311ad8c583c3cb29b4001ce1b610cf")
    }
}
