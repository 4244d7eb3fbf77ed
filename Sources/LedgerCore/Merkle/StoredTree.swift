// A ledger keeps the leaf hashes and, for each level L ≥ 1, the roots of the full subtrees over
// 256^L leaves (docs/spec/tree.md). Any hash of the tree is computed from at most 255 of them a
// level.

/// Where the stored hashes of a tree are read.
package protocol StoredHashes {
    /// The roots of subtrees of 256^level leaves (level 0: leaf hashes), numbered from 0, in order.
    /// Every one asked for is complete. Throws if one cannot be read.
    func hashes(level: Int, numbers: Range<UInt64>) throws -> [Digest]
}

/// Roots and proofs of a tree from its stored hashes.
package struct StoredTree<Source: StoredHashes>: ~Copyable {
    private let source: Source
    private var hasher = TreeHasher()

    package init(_ source: Source) { self.source = source }

    /// The compact range of the first `size` leaves.
    package mutating func compactRange(_ size: TreeSize) throws -> CompactRange {
        var peaks: [Digest] = []
        for subtree in PerfectSubtrees(0..<size.value) { peaks.append(try root(of: subtree)) }
        guard let range = CompactRange(size: size, peaks: peaks) else {
            preconditionFailure("one peak for each bit of the size")
        }
        return range
    }

    package mutating func root(_ size: TreeSize) throws -> Digest {
        try compactRange(size).root(with: &hasher)
    }

    /// The root of the tree over any range of leaves that RFC 6962 hashes as a unit.
    mutating func root(of leaves: Range<UInt64>) throws -> Digest {
        var roots: [Digest] = []
        for subtree in PerfectSubtrees(leaves) { roots.append(try root(of: subtree)) }
        guard var root = roots.popLast() else { return TreeHasher.emptyRoot }
        while let left = roots.popLast() { root = hasher.node(left, root) }
        return root
    }

    private mutating func root(of subtree: PerfectSubtree) throws -> Digest {
        let level = subtree.height / 8
        let width = UInt64(1) << UInt64(subtree.height % 8)
        var row = try source.hashes(
            level: level, numbers: (subtree.number * width)..<((subtree.number + 1) * width))
        while row.count > 1 {
            row = stride(from: 0, to: row.count, by: 2).map { hasher.node(row[$0], row[$0 + 1]) }
        }
        guard let root = row.first else { preconditionFailure("a perfect subtree has a root") }
        return root
    }

    /// RFC 6962 §2.1.1: the siblings from the leaf at `position` up to the root at `size`.
    package mutating func inclusionProof(
        of position: Position, in size: TreeSize
    ) throws -> InclusionProof {
        precondition(size.covers(position))
        var hashes: [Digest] = []
        var leaves = 0..<size.value
        while leaves.count > 1 {
            let middle = leaves.lowerBound + largestPowerOfTwo(below: UInt64(leaves.count))
            let isLeft = position.value < middle
            let (near, far) =
                isLeft
                ? (leaves.lowerBound..<middle, middle..<leaves.upperBound)
                : (middle..<leaves.upperBound, leaves.lowerBound..<middle)
            hashes.append(try root(of: far))
            leaves = near
        }
        return InclusionProof(hashes: hashes.reversed())
    }

    /// RFC 6962 §2.1.2: that the tree of `old` leaves is a prefix of the tree of `new` leaves.
    package mutating func consistencyProof(
        from old: TreeSize, to new: TreeSize
    ) throws -> ConsistencyProof {
        precondition(old <= new)
        guard old != .empty, old != new else { return ConsistencyProof(hashes: []) }
        var hashes: [Digest] = []
        var leaves = 0..<new.value
        // While the old tree is the left edge of `leaves`, its root is known to the verifier.
        var isKnown = true
        while leaves.upperBound != old.value {
            let middle = leaves.lowerBound + largestPowerOfTwo(below: UInt64(leaves.count))
            if old.value <= middle {
                hashes.append(try root(of: middle..<leaves.upperBound))
                leaves = leaves.lowerBound..<middle
            } else {
                hashes.append(try root(of: leaves.lowerBound..<middle))
                leaves = middle..<leaves.upperBound
                isKnown = false
            }
        }
        if !isKnown { hashes.append(try root(of: leaves)) }
        return ConsistencyProof(hashes: hashes.reversed())
    }
}

/// The subtree over the 2^height leaves from number × 2^height.
private struct PerfectSubtree {
    let height: Int
    let number: UInt64
}

/// Cuts a range of leaves, from left to right, into the largest perfect subtrees that start where
/// they may.
private struct PerfectSubtrees: Sequence, IteratorProtocol {
    private var rest: Range<UInt64>

    init(_ leaves: Range<UInt64>) { rest = leaves }

    mutating func next() -> PerfectSubtree? {
        guard !rest.isEmpty else { return nil }
        let fitting = 63 - (rest.upperBound - rest.lowerBound).leadingZeroBitCount
        let height = Swift.min(rest.lowerBound.trailingZeroBitCount, fitting)
        defer { rest = (rest.lowerBound + 1 << UInt64(height))..<rest.upperBound }
        return PerfectSubtree(height: height, number: rest.lowerBound >> UInt64(height))
    }
}

/// The largest power of two below a number above 1.
private func largestPowerOfTwo(below count: UInt64) -> UInt64 {
    1 << UInt64(63 - (count - 1).leadingZeroBitCount)
}
