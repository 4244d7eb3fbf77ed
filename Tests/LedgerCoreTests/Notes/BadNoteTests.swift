import LedgerCore
import Testing

@Suite("Malformed notes and keys")
struct BadNoteTests {
    private static let line = "\u{2014} example.com/log AAAAAAA="

    @Test("a malformed note is refused", arguments: notes)
    func malformedNotes(what: String, bytes: [UInt8]) {
        #expect(throws: NoteError.self) { try SignedNote(parsing: bytes) }
    }

    static let notes: [(String, [UInt8])] =
        [
            ("nothing", ""), ("a text alone", "text\n"), ("no signature", "text\n\n"),
            ("no empty line", "text\n\(line)\n"), ("no final line feed", "text\n\n\(line)"),
            ("an empty line at the end", "text\n\n\(line)\n\n"),
            ("two empty lines, then a signature that is no line", "text\n\n\nrubbish\n"),
            ("a carriage return", "text\r\n\n\(line)\n"),
            ("a tab", "te\txt\n\n\(line)\n"), ("NUL", "te\0xt\n\n\(line)\n"),
            ("a carriage return at the end", "text\n\n\(line)\r\n"),
            ("a hyphen for the dash", "text\n\n- example.com/log AAAAAAA=\n"),
            ("an en dash", "text\n\n\u{2013} example.com/log AAAAAAA=\n"),
            ("no dash", "text\n\nexample.com/log AAAAAAA=\n"),
            ("no space after the dash", "text\n\n\u{2014}example.com/log AAAAAAA=\n"),
            ("two spaces after the dash", "text\n\n\u{2014}  example.com/log AAAAAAA=\n"),
            ("two spaces before the signature", "text\n\n\u{2014} example.com/log  AAAAAAA=\n"),
            ("a space at the end", "text\n\n\(line) \n"),
            ("a space in front", "text\n\n \(line)\n"),
            ("a no-break space", "text\n\n\u{2014}\u{A0}example.com/log AAAAAAA=\n"),
            ("no name", "text\n\n\u{2014}  AAAAAAA=\n"),
            ("no signature text", "text\n\n\u{2014} n \n"),
            ("a plus in the name", "text\n\n\u{2014} a+b AAAAAAA=\n"),
            ("a wide space in the name", "text\n\n\u{2014} a\u{3000}b AAAAAAA=\n"),
            ("a key ID without signature", "text\n\n\u{2014} n AAAAAA==\n"),
            ("three bytes", "text\n\n\u{2014} n AAAA\n"),
            ("no base64", "text\n\n\u{2014} n !!!!\n"),
            ("base64 without padding", "text\n\n\u{2014} n AAAAAAA\n"),
            ("unused bits that are not zero", "text\n\n\u{2014} n AAAAAAB=\n"),
            ("a bad line after a good one", "text\n\n\(line)\nrubbish\n"),
        ].map { ($0.0, Array($0.1.utf8)) } + [
            ("invalid UTF-8 in the text", [0x61, 0xFF, 0x0A, 0x0A] + Array((line + "\n").utf8)),
            (
                "invalid UTF-8 in a signature line",
                Array("a\n\n\u{2014} n".utf8) + [0xC3, 0x20, 0x0A]
            ),
        ]

    @Test("a malformed verifier key is refused", arguments: keys)
    func malformedKeys(text: String) {
        #expect(throws: NoteError.self) { try VerifierKey(parsing: text) }
    }

    static let keys = [
        "", "+", "++", "name", "name+c74f20a3", "PeterNeumann+c74f20a3+",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann++ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+0c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20gg+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TX",
        "PeterNeumann+c74f20a3+BRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",
        " PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann +c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+Ag==", "PeterNeumann+c74f20a3+AQ==",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWAA==",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW+",
    ]

    @Test(
        "a name with white space, a plus or a control character is refused",
        arguments: [
            "", " ", "a b", "a+b", "a\nb", "a\tb", "a\0b", "a\u{7F}b", "a\u{85}b", "a\u{A0}b",
            "a\u{2028}b",
            "a\u{3000}b", "\u{1B}",
        ])
    func badNames(text: String) {
        #expect(throws: NoteError.self) { try KeyName(text) }
    }

    @Test("names are compared by code points")
    func sameNames() throws {
        #expect(try KeyName("caf\u{E9}") != KeyName("cafe\u{301}"))
        #expect(try Set([KeyName("a"), KeyName("a"), KeyName("b")]).count == 2)
    }
}
