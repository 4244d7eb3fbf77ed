/// That an older tree is a prefix of a newer one (RFC 6962 §2.1.2).
package struct ConsistencyProof: Sendable, Equatable {
    package let hashes: [Digest]

    package init(hashes: [Digest]) { self.hashes = hashes }

    /// Whether the tree of `old` leaves with `oldRoot` is a prefix of that of `new` leaves with
    /// `newRoot` (RFC 9162 §2.1.4.2). An empty old tree is a prefix of every tree.
    package func verifies(
        from old: TreeSize, root oldRoot: Digest, to new: TreeSize, root newRoot: Digest
    ) -> Bool {
        if old == .empty { return hashes.isEmpty && oldRoot == TreeHasher.emptyRoot }
        if old == new { return hashes.isEmpty && oldRoot == newRoot }
        guard old < new else { return false }
        var path = hashes[...]
        // A perfect old tree is itself the first node of the path.
        if old.value & (old.value - 1) == 0 { path = [oldRoot] + path }
        guard let first = path.popFirst() else { return false }
        var hasher = TreeHasher()
        var node = old.value - 1
        var last = new.value - 1
        while node & 1 == 1 {
            node >>= 1
            last >>= 1
        }
        var oldHash = first
        var newHash = first
        for sibling in path {
            guard last > 0 else { return false }
            if node & 1 == 1 || node == last {
                oldHash = hasher.node(sibling, oldHash)
                newHash = hasher.node(sibling, newHash)
                while node & 1 == 0 && node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                newHash = hasher.node(newHash, sibling)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && oldHash == oldRoot && newHash == newRoot
    }
}
