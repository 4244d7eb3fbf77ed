import LedgerCore
import Testing

@Suite("SSH signature armour")
struct SSHArmourTests {
    private static let good = SSHFixture.ed25519.armour
    private static let end = "\n-----END SSH SIGNATURE-----"

    @Test("what ssh-keygen tolerates is read", arguments: harmless)
    func tolerated(what: String, armour: String) throws {
        let signature = try SSHSignature(parsing: Array(armour.utf8))
        #expect(throws: Never.self) {
            try signature.verify(SSHFixture.message, namespace: "daybook")
        }
    }

    static let harmless: [(String, String)] = {
        let lines = good.split(separator: "\n")
        let body = lines.dropFirst().dropLast()
        return [
            ("no last line feed", String(good.dropLast())),
            ("text after the last line", good + "more\n"),
            ("text on the last line", good.dropLast() + " more"),
            ("a second signature", good + good),
            ("CRLF inside", lines[0] + "\n" + body.joined(separator: "\r\n") + end),
            (
                "CRLF before the last line",
                lines[0] + "\n" + body.joined(separator: "\n") + "\r" + end
            ),
            ("CRLF at the end", good.dropLast() + "\r\n"),
            ("one long line", lines[0] + "\n" + body.joined() + end),
            ("empty lines", lines[0] + "\n\n\n" + body.joined(separator: "\n\n") + "\n" + end),
            ("spaces and tabs", lines[0] + "\n \t" + body.joined(separator: "\u{B}\u{C}\n ") + end),
        ]
    }()

    @Test("malformed armour is refused", arguments: malformed)
    func malformedArmour(what: String, armour: String) {
        #expect(throws: NoteError.self) { try SSHSignature(parsing: Array(armour.utf8)) }
    }

    static let malformed: [(String, String)] = [
        ("nothing", ""), ("the first line alone", "-----BEGIN SSH SIGNATURE-----\n"),
        ("no base64", "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n"),
        ("an empty line", "-----BEGIN SSH SIGNATURE-----\n\n-----END SSH SIGNATURE-----\n"),
        ("CRLF", good.replacing("\n", with: "\r\n")), ("a line before it", "\n" + good),
        ("a byte order mark", "\u{FEFF}" + good),
        ("a space after the first line", good.replacing("-----\nU", with: "----- \nU")),
        ("another name", good.replacing("SSH", with: "PGP")),
        ("small letters", good.replacing("BEGIN SSH", with: "begin ssh")),
        ("no last line", String(good.prefix(200))), ("a short last line", String(good.dropLast(2))),
        ("no line feed before the last line", good.replacing(end, with: end.dropFirst())),
        ("a letter that base64 lacks", good.replacing("U1NI", with: "U1N-")),
        ("NUL in the base64", good.replacing("U1NI", with: "U1\0NI")),
        ("a letter too few", good.replacing("U1NI", with: "U1N")),
        ("base64 after the padding", good.replacing(end, with: "=\nAAAA" + end)),
        ("too long", good + String(repeating: " ", count: 1 << 20)),
    ]

    @Test("a malformed blob is refused", arguments: blobs)
    func malformedBlobs(what: String, blob: [UInt8]) {
        let armour = Array(SSHFixture.armour(blob).utf8)
        #expect(throws: NoteError.self) { try SSHSignature(parsing: armour) }
    }

    static let blobs: [(String, [UInt8])] = {
        func field(_ text: String) -> [UInt8] { SSHFixture.field(text) }
        func blob(
            version: UInt8 = 1, key: [UInt8]? = nil, namespace: String = "file",
            hash: String = "sha512", type: String = "ssh-ed25519", tail: [UInt8] = []
        ) -> [UInt8] {
            let zeros = [UInt8](repeating: 1, count: 64)
            let key = key ?? field("ssh-ed25519") + SSHFixture.field(Array(zeros[..<32]))
            let signature = field(type) + SSHFixture.field(zeros) + tail
            return Array("SSHSIG".utf8) + [0, 0, 0, version] + SSHFixture.field(key)
                + field(namespace) + field("") + field(hash) + SSHFixture.field(signature)
        }
        let good = blob()
        return [
            ("another magic", Array("SSHSIH".utf8) + good.dropFirst(6)),
            ("version 0", blob(version: 0)), ("version 2", blob(version: 2)),
            ("no key", blob(key: [])), ("no namespace", blob(namespace: "")),
            ("a namespace with NUL", blob(namespace: "fi\0le")),
            ("a namespace with NUL at its end", blob(namespace: "file\0")),
            ("the hash SHA-1", blob(hash: "sha1")), ("the hash SHA-384", blob(hash: "sha384")),
            ("the hash in capitals", blob(hash: "SHA512")), ("no hash", blob(hash: "")),
            ("another key's type", blob(type: "ecdsa-sha2-nistp256")),
            ("a type of RSA", blob(type: "rsa-sha2-512")), ("no type", blob(type: "")),
            ("a token's flags", blob(tail: [1, 0, 0, 0, 1])), ("a byte more", good + [0]),
            ("an mpint for a length", Array(good[..<10]) + [0x80, 0, 0, 0] + good[14...]),
        ]
    }()
}
