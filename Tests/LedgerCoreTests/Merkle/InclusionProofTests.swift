import LedgerCore
import LedgerTesting
import Testing

@Suite("Merkle tree: inclusion proofs")
struct InclusionProofTests {
    static let most = 70
    private let leaves = MemoryHashes.leaves(InclusionProofTests.most)

    private func verifies(
        _ hashes: [Digest], _ leaf: Digest, _ at: Int, _ size: Int, _ root: Digest
    )
        -> Bool
    {
        InclusionProof(hashes: hashes).verifies(
            leaf, at: Position(UInt64(at)), in: TreeSize(UInt64(size)), root: root)
    }

    @Test("every leaf of every size is proven by the path of RFC 6962")
    func allPaths() throws {
        let hashes = MemoryHashes(leaves)
        var tree = StoredTree(hashes)
        for size in 1...Self.most {
            for index in 0..<size {
                let proof = try tree.inclusionProof(
                    of: Position(UInt64(index)), in: TreeSize(UInt64(size)))
                #expect(proof.hashes == NaiveTree.path(index, leaves[..<size]))
                #expect(verifies(proof.hashes, leaves[index], index, size, hashes.roots[size]))
            }
        }
    }

    @Test("a path with one hash changed, left out, repeated or left over is refused")
    func damagedPaths() {
        let roots = MemoryHashes(leaves).roots
        let stranger = SHA256.hash([0xFF])
        for size in 1...Self.most {
            for index in 0..<size {
                let path = NaiveTree.path(index, leaves[..<size])
                for place in path.indices {
                    var other = path
                    other[place] = stranger
                    #expect(!verifies(other, leaves[index], index, size, roots[size]))
                    other.remove(at: place)
                    #expect(!verifies(other, leaves[index], index, size, roots[size]))
                }
                for extra in [stranger, roots[size], path.last ?? stranger] {
                    #expect(!verifies(path + [extra], leaves[index], index, size, roots[size]))
                    #expect(!verifies([extra] + path, leaves[index], index, size, roots[size]))
                }
                #expect(!verifies(path, stranger, index, size, roots[size]))
                #expect(!verifies(path, leaves[index], index, size, stranger))
            }
        }
    }

    @Test("a path holds for one position only, and for its size")
    func otherPlaces() {
        let roots = MemoryHashes(leaves).roots
        for size in 1...40 {
            for index in 0..<size {
                let path = NaiveTree.path(index, leaves[..<size])
                for other in 0..<size where other != index {
                    #expect(!verifies(path, leaves[index], other, size, roots[size]))
                }
                #expect(!verifies(path, leaves[index], size, size, roots[size]))
                #expect(!verifies(path, leaves[index], index, 0, roots[size]))
            }
        }
    }

    @Test("numbers at the end of their range do no harm")
    func extremes() {
        let digest = SHA256.hash([1])
        let path = [Digest](repeating: digest, count: 63)
        for (position, size) in [(UInt64.max - 1, UInt64.max), (.max, .max), (0, .max), (0, 0)] {
            let proof = InclusionProof(hashes: path)
            #expect(
                !proof.verifies(digest, at: Position(position), in: TreeSize(size), root: digest))
        }
    }

    @Test("an inner node is no leaf: its hash does not prove its place")
    func innerNodes() {
        let roots = MemoryHashes(leaves).roots
        let left = NaiveTree.node(leaves[0], leaves[1])
        let right = NaiveTree.node(leaves[2], leaves[3])
        #expect(!verifies([right], left, 0, 4, roots[4]))
    }
}
