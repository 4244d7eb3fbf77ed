import LedgerCore

/// Makes the two proofs of a store's newest checkpoint, and says why a request cannot be met.
package struct ProofMaker {
    private let size: TreeSize
    private let checkpoint: SignedNote

    package init(size: TreeSize, checkpoint: SignedNote) {
        self.size = size
        self.checkpoint = checkpoint
    }

    package func inclusion(
        of position: Position, in hashes: some StoredHashes
    ) throws(StoreError) -> TransparencyProof {
        TransparencyProof(
            position: position, path: try Self.inclusion(of: position, in: size, hashes),
            checkpoint: checkpoint)
    }

    /// The path from an entry to the root at a size that the log has reached.
    package static func inclusion(
        of position: Position, in size: TreeSize, _ hashes: some StoredHashes
    ) throws(StoreError) -> InclusionProof {
        guard size.covers(position) else {
            throw StoreError(
                .badInput, "there is no position \(position); the log has \(size) entries")
        }
        return try reading { () throws in
            var tree = StoredTree(hashes)
            return try tree.inclusionProof(of: position, in: size)
        }
    }

    package func consistency(
        from old: TreeSize, in hashes: some StoredHashes
    ) throws(StoreError) -> WitnessRequest {
        WitnessRequest(
            old: old, path: try Self.consistency(from: old, to: size, hashes),
            checkpoint: checkpoint)
    }

    /// That the tree of `size` leaves, which the log has reached, continues that of `old` leaves.
    package static func consistency(
        from old: TreeSize, to size: TreeSize, _ hashes: some StoredHashes
    ) throws(StoreError) -> ConsistencyProof {
        guard old <= size else {
            throw StoreError(.badInput, "the log has \(size) entries, fewer than \(old)")
        }
        return try reading { () throws in
            var tree = StoredTree(hashes)
            return try tree.consistencyProof(from: old, to: size)
        }
    }

    private static func reading<Proof>(_ body: () throws -> Proof) throws(StoreError) -> Proof {
        do {
            return try body()
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(.damaged, "a stored hash cannot be read: \(error)")
        }
    }
}
