/// That an entry is in the tree that a root commits to (RFC 6962 §2.1.1).
package struct InclusionProof: Sendable, Equatable {
    /// The siblings on the way from the leaf to the root.
    package let hashes: [Digest]

    package init(hashes: [Digest]) { self.hashes = hashes }

    /// Whether the leaf hash stands at `position` in the tree of `size` leaves with this root (RFC
    /// 9162 §2.1.3.2).
    package func verifies(
        _ leaf: Digest, at position: Position, in size: TreeSize, root: Digest
    ) -> Bool {
        guard size.covers(position) else { return false }
        var hasher = TreeHasher()
        var node = position.value
        var last = size.value - 1
        var hash = leaf
        for sibling in hashes {
            guard last > 0 else { return false }
            if node & 1 == 1 || node == last {
                hash = hasher.node(sibling, hash)
                while node & 1 == 0 && node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                hash = hasher.node(hash, sibling)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && hash == root
    }
}
