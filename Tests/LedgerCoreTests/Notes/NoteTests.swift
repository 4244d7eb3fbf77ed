import LedgerCore
import LedgerTesting
import Testing

@Suite("Signed notes")
struct NoteTests {
    /// The example of golang.org/x/mod/sumdb/note.
    private let go = """
        If you think cryptography is the answer to your problem,
        then you don't know what your problem is.

        \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
        """ + "\n"
    private let goKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

    @Test("the note of Go's package documentation verifies")
    func goExample() throws {
        let note = try SignedNote(parsing: Array(go.utf8))
        let key = try VerifierKey(parsing: goKey)
        #expect(throws: Never.self) { try note.verify(key) }
        #expect(note.text.hasSuffix("your problem is.\n"))
        #expect(note.description == go)
        #expect(key.description == goKey)
    }

    @Test("any change of its text makes a note false")
    func changedText() throws {
        let key = try VerifierKey(parsing: goKey)
        // The two lines of text, without the line feed that ends them.
        for index in 0..<97 {
            var bytes = Array(go.utf8)
            bytes[index] ^= 0x01
            #expect(throws: NoteError.self) { try SignedNote(parsing: bytes).verify(key) }
        }
    }

    @Test("lines of unknown keys are passed over, of known ones must be true")
    func otherSigners() throws {
        let key = try VerifierKey(parsing: goKey)
        let line = try #require(go.split(separator: "\n").last)
        let stranger = "\u{2014} stranger " + Base64.encode([1, 2, 3, 4, 5])
        let sameName = "\u{2014} PeterNeumann " + Base64.encode([0, 0, 0, 0, 5])
        for others in [[stranger], [sameName], [stranger, sameName, stranger]] {
            let note = go + others.joined(separator: "\n") + "\n"
            #expect(throws: Never.self) { try SignedNote(parsing: Array(note.utf8)).verify(key) }
        }
        let wrong = "\u{2014} PeterNeumann " + Base64.encode([0xC7, 0x4F, 0x20, 0xA3, 5])
        let note = go + wrong + "\n"
        #expect(throws: NoteError("the signature by PeterNeumann is false")) {
            try SignedNote(parsing: Array(note.utf8)).verify(key)
        }
        let unsigned = go.replacing(String(line), with: stranger)
        #expect(throws: NoteError("the note is not signed by PeterNeumann")) {
            try SignedNote(parsing: Array(unsigned.utf8)).verify(key)
        }
    }

    @Test("a text may hold empty lines and what looks like signatures: the last empty line divides")
    func lastEmptyLine() throws {
        let name = try KeyName("example.com/log")
        let key = try Keys.first()
        let text = "a\n\n\u{2014} example.com/log AAAAAAA=\n\nb\n"
        let note = try SignedNote(signing: text, with: key, named: name)
        let read = try SignedNote(parsing: Array(note.description.utf8))
        #expect(read == note && read.text == text)
        let verifier = VerifierKey(name: name, publicKey: key.publicKey)
        #expect(throws: Never.self) { try read.verify(verifier) }
    }

    @Test("a note of 16 and of 100 signatures is read, one of 101 is not")
    func manySignatures() throws {
        let line = "\u{2014} n AAAAAAA=\n"
        for count in [1, 16, 100] {
            let note = "a\n\n" + String(repeating: line, count: count)
            #expect(try SignedNote(parsing: Array(note.utf8)).signatures.count == count)
        }
        let tooMany = "a\n\n" + String(repeating: line, count: 101)
        #expect(throws: NoteError.self) { try SignedNote(parsing: Array(tooMany.utf8)) }
    }

    @Test("a note above 1 MiB is refused")
    func tooLong() throws {
        let end = "\n\n\u{2014} n AAAAAAA=\n"
        let room = SignedNote.mostBytes - end.utf8.count
        let longest = String(repeating: "a", count: room) + end
        #expect(throws: Never.self) { try SignedNote(parsing: Array(longest.utf8)) }
        #expect(throws: NoteError.self) { try SignedNote(parsing: Array(("a" + longest).utf8)) }
    }
}
