import LedgerCore
import LedgerTesting
import Testing

@Suite("Checkpoints")
struct CheckpointTests {
    /// docs/spec/checkpoint.md.
    private let example = """
        example.com/shop
        2
        ddQ1TQ+VBMbDgTJ/DsA4ZKaE2wI+ZLTdL+3JBFn3cNE=

        \u{2014} example.com/shop lPBX16v1/nvTyUB+O78rCRF2ge2W0D1DSbscyy8BCszckd19sWZ0rFwc2xGM3c5lbr4IRgDIx+0iryxq8XdMoveyBw4=
        """ + "\n"

    @Test("the worked example of the specification is signed, written and verified")
    func workedExample() throws {
        let root = try #require(
            Digest(hex: "75d4354d0f9504c6c381327f0ec03864a684db023e64b4dd2fedc90459f770d1"))
        let checkpoint = Checkpoint(origin: try Keys.origin(), size: TreeSize(2), root: root)
        #expect(try checkpoint.signed(by: Keys.first()).description == example)
        let key = try VerifierKey(parsing: Keys.verifierKey)
        #expect(try VerifierKey(name: Keys.origin(), publicKey: Keys.first().publicKey) == key)
        #expect(key.description == Keys.verifierKey)
        let note = try SignedNote(parsing: Array(example.utf8))
        #expect(try Checkpoint(verifying: note, by: key) == checkpoint)
    }

    @Test("extension lines are allowed, and not kept")
    func extensions() throws {
        let text = "example.com/shop\n0\n\(TreeHasher.emptyRoot.base64)\nmore\nand more\n"
        #expect(try Checkpoint(parsing: text).size == .empty)
    }

    @Test("a malformed checkpoint is refused", arguments: malformed)
    func malformedCheckpoints(text: String) {
        #expect(throws: NoteError.self) { try Checkpoint(parsing: text) }
    }

    private static let root = "ddQ1TQ+VBMbDgTJ/DsA4ZKaE2wI+ZLTdL+3JBFn3cNE="

    static let malformed = [
        "", "\n", "o\n", "o\n1\n", "o\n1\n\(root)", "\n1\n\(root)\n", "o\n\n\(root)\n", "o\n1\n\n",
        "o\n01\n\(root)\n", "o\n+1\n\(root)\n", "o\n-1\n\(root)\n", "o\n 1\n\(root)\n",
        "o\n1 \n\(root)\n",
        "o\n0x1\n\(root)\n", "o\n1e3\n\(root)\n", "o\n18446744073709551616\n\(root)\n",
        "o\n1\n\(root.dropLast())\n", "o\n1\n\(root)=\n", "o\n1\n AAAA\n", "o\n1\nAAAA\n",
        "o\n1\n\(root) \n", "o\n1\n\(root)\n\n", "o\n1\n\(root)\n\nextension\n", "o\n0\n\(root)\n",
        "o p\n1\n\(root)\n", "o+p\n1\n\(root)\n", "o\r\n1\r\n\(root)\r\n",
        "o\n1\n\(root.dropLast(2))F=\n", "o\n1\nextension\n\(root)\n",
    ]

    @Test("a checkpoint of another origin than the key's name is refused, though it is well signed")
    func otherOrigin() throws {
        let key = try VerifierKey(parsing: Keys.verifierKey)
        let text = "example.com/other\n0\n\(TreeHasher.emptyRoot.base64)\n"
        let note = try SignedNote(signing: text, with: Keys.first(), named: Keys.origin())
        #expect(throws: Never.self) { try note.verify(key) }
        #expect(throws: NoteError.self) { try Checkpoint(verifying: note, by: key) }
    }

    @Test("a checkpoint signed by another key of the same name is refused")
    func otherKey() throws {
        let checkpoint = Checkpoint(
            origin: try Keys.origin(), size: .empty, root: TreeHasher.emptyRoot)
        let note = try checkpoint.signed(by: Keys.second())
        let key = try VerifierKey(parsing: Keys.verifierKey)
        #expect(throws: NoteError.self) { try Checkpoint(verifying: note, by: key) }
    }
}
