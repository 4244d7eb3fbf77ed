/// How many entries have a key, and one hash over all of them in order.
package struct KeyTally: Sendable, Equatable {
    package private(set) var count: UInt64
    package private(set) var accumulator: Digest

    /// Of no entry.
    package static let none = KeyTally(count: 0, accumulator: .zero)

    package init(count: UInt64, accumulator: Digest) {
        self.count = count
        self.accumulator = accumulator
    }

    package mutating func add(_ entryHash: Digest, with hasher: inout IndexHasher) {
        count += 1
        accumulator = hasher.accumulator(accumulator, entryHash)
    }
}

/// A key with its tally: a leaf of the index.
package struct IndexLeaf: Sendable, Equatable {
    package let key: IndexKey
    package let tally: KeyTally

    package init(key: IndexKey, tally: KeyTally) {
        self.key = key
        self.tally = tally
    }

    /// The leaf's data.
    package var bytes: [UInt8] {
        // Put together by hand: a seal writes one of these for every key there is.
        var bytes = Array(#"{"acc":""#.utf8)
        bytes.append(contentsOf: tally.accumulator.hex.utf8)
        bytes.append(contentsOf: #"","count":"#.utf8)
        bytes.append(contentsOf: String(tally.count).utf8)
        bytes.append(contentsOf: #","key":"#.utf8)
        CanonicalJSONWriter.append(key.text, to: &bytes)
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}

/// The hashes of the index.
package struct IndexHasher: ~Copyable {
    private var sha256 = SHA256()

    package init() {}

    package mutating func accumulator(_ accumulator: Digest, _ entryHash: Digest) -> Digest {
        entryHash.withUnsafeBytes { sha256.hash(prefix: 0x02, accumulator, $0) }
    }

    package mutating func leaf(_ leaf: IndexLeaf) -> Digest {
        ([0x00] + leaf.bytes).withUnsafeBytes { sha256.hash($0) }
    }
}
