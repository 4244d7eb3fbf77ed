import LedgerCore
import LedgerTesting
import Testing

@Suite("Merkle tree: roots")
struct RootTests {
    /// The reference vectors of certificate-transparency (merkletree/merkle_tree_test.cc).
    @Test("the roots of the reference leaves of certificate transparency")
    func referenceRoots() throws {
        let data = [
            "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ]
        let roots = [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ]
        let leaves = try data.map { SHA256.hash([0x00] + (try #require(Hex.decode($0)))) }
        let hashes = MemoryHashes(leaves)
        #expect(hashes.roots.map(\.hex) == roots)
        for size in 0...leaves.count {
            #expect(NaiveTree.root(leaves[..<size]).hex == roots[size])
            var tree = StoredTree(hashes)
            #expect(try tree.root(TreeSize(UInt64(size))).hex == roots[size])
        }
    }

    @Test("a compact range, the stored tree and the definition give one root at every size to 600")
    func threeWays() throws {
        let leaves = MemoryHashes.leaves(600)
        let hashes = MemoryHashes(leaves)
        var tree = StoredTree(hashes)
        for size in 0...leaves.count {
            let root = try tree.root(TreeSize(UInt64(size)))
            #expect(root == hashes.roots[size])
            if size < 80 || size % 97 == 0 || [255, 256, 257, 511, 512, 513].contains(size) {
                #expect(root == NaiveTree.root(leaves[..<size]))
            }
        }
    }

    @Test("a range taken up from stored hashes appends as the one that made them")
    func continued() throws {
        let leaves = MemoryHashes.leaves(530)
        let hashes = MemoryHashes(leaves)
        var hasher = TreeHasher()
        for size in [0, 1, 2, 3, 200, 255, 256, 257, 511, 512, 513] {
            var tree = StoredTree(hashes)
            var range = try tree.compactRange(TreeSize(UInt64(size)))
            for leaf in leaves[size...] { range.append(leaf, with: &hasher) }
            #expect(range == hashes.range)
        }
    }

    @Test("subtrees of 65,536 leaves are completed, stored and used")
    func secondLevel() throws {
        let leaves = MemoryHashes.leaves(65_536 + 300)
        let hashes = MemoryHashes(leaves)
        #expect(try hashes.hashes(level: 2, numbers: 0..<1) == [NaiveTree.root(leaves[..<65_536])])
        var tree = StoredTree(hashes)
        let size = TreeSize(UInt64(leaves.count))
        #expect(try tree.root(size) == hashes.roots[leaves.count])
        for position in [0, 65_535, 65_536, leaves.count - 1] {
            let proof = try tree.inclusionProof(of: Position(UInt64(position)), in: size)
            #expect(
                proof.verifies(
                    leaves[position], at: Position(UInt64(position)), in: size,
                    root: hashes.roots[leaves.count]))
        }
    }

    @Test("each full subtree is told once, the smallest first")
    func completions() {
        var range = CompactRange()
        var hasher = TreeHasher()
        let leaves = MemoryHashes.leaves(64)
        for (index, leaf) in leaves.enumerated() {
            var told: [Int] = []
            range.append(leaf, with: &hasher) { height, root in
                told.append(height)
                let width = 1 << height
                #expect(root == NaiveTree.root(leaves[(index + 1 - width)...index]))
            }
            #expect(told == Array(1..<((index + 1).trailingZeroBitCount + 1)))
        }
    }

    @Test("a range has one peak for each bit of its size, no more and no fewer")
    func peaks() {
        let digest = SHA256.hash([1])
        #expect(CompactRange(size: TreeSize(5), peaks: [digest, digest]) != nil)
        #expect(CompactRange(size: TreeSize(5), peaks: [digest]) == nil)
        #expect(CompactRange(size: TreeSize(4), peaks: [digest, digest]) == nil)
        #expect(CompactRange(size: .empty, peaks: []) == CompactRange())
    }
}
