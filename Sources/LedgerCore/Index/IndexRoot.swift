/// What a seal commits: how many keys the index has, and the root of the tree over them.
package struct IndexRoot: Sendable, Equatable {
    package let keys: TreeSize
    package let root: Digest

    package init(keys: TreeSize, root: Digest) {
        self.keys = keys
        self.root = root
    }
}

/// A leaf of an index with its place and the way to the root.
package struct ProvenLeaf: Sendable, Equatable {
    package let leaf: IndexLeaf
    package let index: Position
    package let path: InclusionProof

    package init(_ leaf: IndexLeaf, index: Position, path: InclusionProof) {
        self.leaf = leaf
        self.index = index
        self.path = path
    }

    package func verifies(in root: IndexRoot) -> Bool {
        var hasher = IndexHasher()
        return path.verifies(hasher.leaf(leaf), at: index, in: root.keys, root: root.root)
    }
}

/// That no entry has a key: the leaves next to where it would be.
package struct AbsenceProof: Sendable, Equatable {
    package let key: IndexKey
    /// Nil if the key would be the first.
    package let left: ProvenLeaf?
    /// Nil if the key would be the last.
    package let right: ProvenLeaf?

    package init(of key: IndexKey, left: ProvenLeaf?, right: ProvenLeaf?) {
        self.key = key
        self.left = left
        self.right = right
    }

    package func verifies(in root: IndexRoot) -> Bool {
        guard left.map({ $0.leaf.key < key && $0.verifies(in: root) }) ?? true,
            right.map({ key < $0.leaf.key && $0.verifies(in: root) }) ?? true
        else { return false }
        return switch (left, right) {
        case (let left?, let right?): left.index.next == right.index
        case (let left?, nil): TreeSize(through: left.index) == root.keys
        case (nil, let right?): right.index == .first
        case (nil, nil): false
        }
    }
}
