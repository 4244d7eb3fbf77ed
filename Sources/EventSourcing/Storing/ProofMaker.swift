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
        guard size.covers(position) else {
            throw StoreError(
                .badInput, "there is no position \(position); the log has \(size) entries")
        }
        let path = try Self.reading { () throws in
            var tree = StoredTree(hashes)
            return try tree.inclusionProof(of: position, in: size)
        }
        return TransparencyProof(position: position, path: path, checkpoint: checkpoint)
    }

    package func consistency(
        from old: TreeSize, in hashes: some StoredHashes
    ) throws(StoreError) -> WitnessRequest {
        guard old <= size else {
            throw StoreError(.badInput, "the log has \(size) entries, fewer than \(old)")
        }
        let path = try Self.reading { () throws in
            var tree = StoredTree(hashes)
            return try tree.consistencyProof(from: old, to: size)
        }
        return WitnessRequest(old: old, path: path, checkpoint: checkpoint)
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
