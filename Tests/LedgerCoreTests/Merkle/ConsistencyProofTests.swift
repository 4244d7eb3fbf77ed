import LedgerCore
import LedgerTesting
import Testing

@Suite("Merkle tree: consistency proofs")
struct ConsistencyProofTests {
    static let most = 70
    private let leaves = MemoryHashes.leaves(ConsistencyProofTests.most)

    private func verifies(
        _ hashes: [Digest], _ old: Int, _ oldRoot: Digest, _ new: Int, _ newRoot: Digest
    ) -> Bool {
        ConsistencyProof(hashes: hashes).verifies(
            from: TreeSize(UInt64(old)), root: oldRoot, to: TreeSize(UInt64(new)), root: newRoot)
    }

    @Test("every size is proven to begin every later one by the proof of RFC 6962")
    func allProofs() throws {
        let hashes = MemoryHashes(leaves)
        var tree = StoredTree(hashes)
        for new in 0...Self.most {
            for old in 0...new {
                let proof = try tree.consistencyProof(
                    from: TreeSize(UInt64(old)), to: TreeSize(UInt64(new)))
                #expect(proof.hashes == NaiveTree.proof(old, leaves[..<new]))
                #expect(verifies(proof.hashes, old, hashes.roots[old], new, hashes.roots[new]))
            }
        }
    }

    @Test("a proof with one hash changed, left out or left over is refused")
    func damagedProofs() {
        let roots = MemoryHashes(leaves).roots
        let stranger = SHA256.hash([0xFF])
        for new in 0...Self.most {
            for old in 0...new {
                let proof = NaiveTree.proof(old, leaves[..<new])
                for place in proof.indices {
                    var other = proof
                    other[place] = stranger
                    #expect(!verifies(other, old, roots[old], new, roots[new]))
                    other.remove(at: place)
                    #expect(!verifies(other, old, roots[old], new, roots[new]))
                }
                for extra in [stranger, roots[old], roots[new]] {
                    #expect(!verifies(proof + [extra], old, roots[old], new, roots[new]))
                    #expect(!verifies([extra] + proof, old, roots[old], new, roots[new]))
                }
                #expect(!verifies(proof, old, stranger, new, roots[new]))
                #expect(old == 0 || !verifies(proof, old, roots[old], new, stranger))
            }
        }
    }

    @Test("a log whose past was rewritten is not proven to continue the old one")
    func rewritten() {
        let roots = MemoryHashes(leaves).roots
        for new in 2...40 {
            for changed in 0..<new {
                var others = leaves
                others[changed] = SHA256.hash([0xFF])
                let root = NaiveTree.root(others[..<new])
                for old in (changed + 1)..<(new + 1) {
                    let proof = NaiveTree.proof(old, others[..<new])
                    #expect(!verifies(proof, old, roots[old], new, root))
                }
            }
        }
    }

    @Test("a log cannot shrink")
    func shrinking() {
        let roots = MemoryHashes(leaves).roots
        for old in 1...20 {
            for new in 0..<old {
                let proof = NaiveTree.proof(new, leaves[..<old])
                #expect(!verifies(proof, old, roots[old], new, roots[new]))
                #expect(!verifies([], old, roots[old], new, roots[new]))
            }
        }
    }

    @Test("numbers at the end of their range do no harm")
    func extremes() {
        let digest = SHA256.hash([1])
        let proof = ConsistencyProof(hashes: [Digest](repeating: digest, count: 64))
        for old in [1, 2, 1 << 63, UInt64.max - 1, .max] {
            #expect(
                !proof.verifies(
                    from: TreeSize(old), root: digest, to: TreeSize(.max), root: digest))
        }
    }
}
