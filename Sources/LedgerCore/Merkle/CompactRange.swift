/// The roots of the perfect subtrees that make up a tree, left to right: all that is needed to
/// append to it and to know its root. At most 64 hashes, whatever the size.
package struct CompactRange: Sendable, Equatable {
    package private(set) var size: TreeSize
    /// One for each bit of the size, the largest first.
    private var peaks: [Digest]

    package init() {
        size = .empty
        peaks = []
    }

    /// A range of a known size from its peaks, largest first. Nil unless there is one for each bit
    /// of the size.
    package init?(size: TreeSize, peaks: [Digest]) {
        guard peaks.count == size.value.nonzeroBitCount else { return nil }
        self.size = size
        self.peaks = peaks
    }

    /// Appends a leaf hash. Each perfect subtree that it completes is told, the smallest first: its
    /// height (its width is 2^height) and its root.
    package mutating func append(
        _ leaf: Digest, with hasher: inout TreeHasher,
        completed: (_ height: Int, _ root: Digest) -> Void = { _, _ in }
    ) {
        var root = leaf
        for height in 0..<size.value.trailingOnes {
            root = hasher.node(peaks.removeLast(), root)
            completed(height + 1, root)
        }
        peaks.append(root)
        size = TreeSize(size.value + 1)
    }

    package func root(with hasher: inout TreeHasher) -> Digest {
        guard var root = peaks.last else { return TreeHasher.emptyRoot }
        for peak in peaks.dropLast().reversed() { root = hasher.node(peak, root) }
        return root
    }
}

extension UInt64 {
    fileprivate var trailingOnes: Int { (~self).trailingZeroBitCount }
}
