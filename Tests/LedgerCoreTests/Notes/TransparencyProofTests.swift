import LedgerCore
import LedgerTesting
import Testing

@Suite("Transparency proofs")
struct TransparencyProofTests {
    private let leaves = MemoryHashes.leaves(11)

    private func proof(of index: UInt64 = 6) throws -> TransparencyProof {
        let hashes = MemoryHashes(leaves)
        let size = TreeSize(UInt64(leaves.count))
        var tree = StoredTree(hashes)
        let checkpoint = Checkpoint(
            origin: try Keys.origin(), size: size, root: hashes.roots[leaves.count])
        return TransparencyProof(
            position: Position(index), path: try tree.inclusionProof(of: Position(index), in: size),
            checkpoint: try checkpoint.signed(by: Keys.first()))
    }

    @Test("a proof is written, read back and verified")
    func roundTrip() throws {
        let key = try VerifierKey(parsing: Keys.verifierKey)
        for index in leaves.indices {
            let proof = try proof(of: UInt64(index))
            let read = try TransparencyProof(parsing: Array(proof.description.utf8))
            #expect(read == proof)
            #expect(throws: Never.self) { try read.verify(leaves[index], by: key) }
            #expect(throws: NoteError.self) { try read.verify(SHA256.hash([1]), by: key) }
            let other = VerifierKey(name: key.name, publicKey: try Keys.second().publicKey)
            #expect(throws: NoteError.self) { try read.verify(leaves[index], by: other) }
        }
    }

    @Test("a proof has the lines of the specification")
    func lines() throws {
        let lines = try proof().description.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == "c2sp.org/tlog-proof@v1" && lines[1] == "index 6")
        #expect(lines[2...5].allSatisfy { $0.utf8.count == 44 })
        #expect(lines[6] == "" && lines[7] == "example.com/shop" && lines[8] == "11")
    }

    @Test("a line of extra data is passed over")
    func extraData() throws {
        let text = try proof().description.replacing("index", with: "extra AAAA\nindex")
        #expect(try TransparencyProof(parsing: Array(text.utf8)) == proof())
    }

    @Test(
        "a malformed proof is refused when it is read, or at the latest when verified",
        arguments: changes)
    func malformed(what: String, replacing: String, with replacement: String) throws {
        let good = try proof().description
        let text = good.replacing(replacing, with: replacement, maxReplacements: 1)
        #expect(text != good)
        let key = try VerifierKey(parsing: Keys.verifierKey)
        #expect(throws: NoteError.self) {
            try TransparencyProof(parsing: Array(text.utf8)).verify(leaves[6], by: key)
        }
    }

    static let changes = [
        ("no header", "c2sp.org/tlog-proof@v1\n", ""), ("another version", "@v1", "@v2"),
        ("a space after the header", "@v1\n", "@v1 \n"), ("carriage returns", "\n", "\r\n"),
        ("no index", "index 6\n", ""), ("a leading zero", "index 6", "index 06"),
        ("a sign", "index 6", "index +6"), ("two spaces", "index 6", "index  6"),
        ("no number", "index 6", "index "),
        ("a number too large", "index 6", "index 18446744073709551616"),
        ("another word", "index 6", "Index 6"),
        ("extra data after the index", "index 6\n", "index 6\nextra AAAA\n"),
        ("extra data twice", "index 6", "extra AAAA\nextra AAAA\nindex 6"),
        ("extra data that is no base64", "index 6", "extra A\nindex 6"),
        ("a hash that is too short", "index 6\n", "index 6\nAAAA\n"),
        ("a hash that is no base64", "index 6\n", "index 6\n!\n"),
        ("an empty line too early", "index 6\n", "index 6\n\n"),
        ("empty lines before the checkpoint", "example.com/shop", "\n\nexample.com/shop"),
    ]

    @Test("every beginning of a proof is refused")
    func prefixes() throws {
        let bytes = Array(try proof().description.utf8)
        for length in bytes.indices {
            #expect(throws: NoteError.self) {
                try TransparencyProof(parsing: Array(bytes[..<length]))
            }
        }
    }

    @Test("a path of 63 hashes is read, one of 64 is not")
    func longPaths() throws {
        for (count, isGood) in [(63, true), (64, false)] {
            let long = TransparencyProof(
                position: .first,
                path: InclusionProof(hashes: Array(repeating: SHA256.hash([]), count: count)),
                checkpoint: try proof().checkpoint)
            let read = try? TransparencyProof(parsing: Array(long.description.utf8))
            #expect((read != nil) == isGood)
        }
    }

    @Test("a request to a witness has the old size, the hashes and the checkpoint")
    func witnessRequest() throws {
        let hash = SHA256.hash([])
        let request = WitnessRequest(
            old: TreeSize(5), path: ConsistencyProof(hashes: [hash, hash]),
            checkpoint: try proof().checkpoint)
        let expected =
            "old 5\n\(hash.base64)\n\(hash.base64)\n\n" + (try proof().checkpoint.description)
        #expect(request.description == expected)
    }
}
