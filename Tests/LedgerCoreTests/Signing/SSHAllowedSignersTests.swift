import LedgerCore
import Testing

@Suite("Allowed signers")
struct SSHAllowedSignersTests {
    private static let key = SSHFixture.ed25519.key
    /// 2026-11-24T12:00:00Z
    private static let noon: Int64 = 1_795_521_600

    @Test("a line allows its key, for whom and what it says", arguments: allowing)
    func allowed(line: String) throws {
        #expect(try Self.answer(line) == .allowed(line: 1))
    }

    static let allowing = [
        "alice@example.com \(key)", "alice@example.com \(key) a comment", "* \(key)",
        "\t alice@example.com \t \(key)\r", "*@example.com \(key)", "alice@??ample.* \(key)",
        "bob,alice@example.com \(key)", "*,!bob@example.com \(key)", "a*c*@*e*m \(key)",
        "\"alice@example.com\" \(key)", "\"bob the builder,alice@example.com\" \(key)",
        "alice@example.com namespaces=\"daybook\" \(key)",
        "alice@example.com namespaces=\"git,day*,!file\" \(key)",
        "alice@example.com NameSpaces=\"daybook\" \(key)",
        "alice@example.com valid-after=\"20261124120000Z\" \(key)",
        "alice@example.com valid-before=\"20261124120000Z\" \(key)",
        "alice@example.com valid-after=\"20261124\" \(key)",
        "alice@example.com valid-before=\"202611241200\" \(key)",
        "alice@example.com valid-after=\"20000229z\",valid-before=\"21000228UTC\" \(key)",
    ]

    @Test("a line does not allow another principal, use or time", arguments: refusing)
    func refused(line: String) throws {
        guard case .refused(let reasons) = try Self.answer(line) else {
            Issue.record("allowed by: \(line)")
            return
        }
        #expect(!reasons.isEmpty)
    }

    static let refusing = [
        "", "\n\n", "# alice@example.com \(key)", "bob@example.com \(key)",
        "Alice@example.com \(key)", "alice@example \(key)", "alice@example.com? \(key)",
        "?alice@example.com \(key)", "!alice@example.com \(key)", "*,!alice@example.com \(key)",
        "!*,alice@example.com \(key)", "!bob@example.com \(key)", "\"alice@example.com \" \(key)",
        "alice@example.com \(SSHFixture.p256.key)",
        "alice@example.com cert-authority \(key)",
        "alice@example.com CERT-AUTHORITY,namespaces=\"daybook\" \(key)",
        "alice@example.com namespaces=\"git\" \(key)", "alice@example.com namespaces=\"\" \(key)",
        "alice@example.com namespaces=\"*,!daybook\" \(key)",
        "alice@example.com valid-after=\"20261124120001Z\" \(key)",
        "alice@example.com valid-before=\"20261124115959Z\" \(key)",
        "alice@example.com valid-before=\"20261124\" \(key)",
    ]

    @Test("the first line that allows decides; those that do not say why")
    func severalLines() throws {
        let refusing = """
            # the team
            bob \(Self.key)

            alice@example.com namespaces="git" \(Self.key)
            alice@example.com valid-before="20260101Z" \(Self.key)
            alice@example.com cert-authority \(Self.key)
            """
        #expect(try Self.answer(refusing + "\n* \(Self.key)\n") == .allowed(line: 7))
        let line = "of the allowed signers: the key"
        #expect(
            try Self.answer(refusing)
                == .refused([
                    "line 4 \(line) is not for the namespace \"daybook\"",
                    "line 5 \(line) was valid until 20260101000000Z; the time is 20261124120000Z",
                    "line 6 \(line) is a certificate authority's, which does not sign itself",
                ]))
        #expect(
            try Self.answer("")
                == .refused([
                    "no line of the allowed signers allows \(SSHFixture.ed25519.fingerprint) as"
                        + " \"alice@example.com\""
                ]))
    }

    @Test("a malformed line is refused by its number", arguments: malformed)
    func malformedLines(line: String) throws {
        let text = "# the first line\n\(line)\nbob \(Self.key)\n"
        let error = try #require(throws: NoteError.self) {
            try AllowedSigners(parsing: Array(text.utf8))
        }
        #expect(error.description.hasPrefix("line 2 of the allowed signers: "))
    }

    static let malformed = [
        "alice", "alice ", "alice ssh-ed25519", key, "alice cert-authority",
        "alice ssh-ed25519 AAAA",
        "alice ssh-dss AAAA", "alice ssh-rsa \(key.dropFirst(12))", "\"alice \(key)",
        "al\"ice\" \(key)", "\"alice\"bob \(key)", "\"alice\",\"bob\" \(key)", "\" \(key)",
        "alice namespaces=git \(key)", #"alice namespaces="a\"b\"" \#(key)"#,
        "alice namespaces=\"git \(key)", "alice namespaces \(key)",
        "alice namespaces= \(key)", "alice namespaces=\" \(key)", "alice no-touch-required \(key)",
        "alice namespaces=\"a\",namespaces=\"b\" \(key)", "alice cert-authority, \(key)",
        "alice ,cert-authority \(key)", "alice cert-authority=\"yes\" \(key)",
        "alice cert-authority namespaces=\"git\" \(key)", "alice valid-before=\"\" \(key)",
        "alice valid-before=\"2026\" \(key)", "alice valid-before=\"20260230\" \(key)",
        "alice valid-before=\"20261301\" \(key)", "alice valid-before=\"20260100\" \(key)",
        "alice valid-before=\"2026010124\" \(key)", "alice valid-before=\"202601012400\" \(key)",
        "alice valid-before=\"202601010060\" \(key)", "alice valid-before=\"Z\" \(key)",
        "alice valid-before=\"20260101000060\" \(key)", "alice valid-before=\"19691231Z\" \(key)",
        "alice valid-before=\"2026-01-01\" \(key)", "alice valid-before=\"+2026010\" \(key)",
        "alice valid-before=\"20260101+0100\" \(key)", "alice valid-after=\"19700101Z\" \(key)",
        "alice valid-before=\"20260101\",valid-before=\"20270101\" \(key)",
        "alice valid-after=\"20270101\",valid-before=\"20260101\" \(key)",
        "alice valid-after=\"20260101\",valid-before=\"20260101\" \(key)", "al\0ice \(key)",
    ]

    @Test("many stars are matched in short time")
    func stars() throws {
        let pattern = String(repeating: "*a", count: 500) + "b"
        let signers = try AllowedSigners(parsing: Array("\(pattern) \(Self.key)".utf8))
        let answer = signers.answer(
            to: try SSHFixture.ed25519.publicKey(), as: String(repeating: "a", count: 5000),
            namespace: "daybook", at: SSHTime(secondsSinceEpoch: 0))
        #expect(answer != .allowed(line: 1))
    }

    private static func answer(_ text: String) throws -> AllowedSigners.Answer {
        try AllowedSigners(parsing: Array(text.utf8)).answer(
            to: SSHFixture.ed25519.publicKey(), as: "alice@example.com", namespace: "daybook",
            at: SSHTime(secondsSinceEpoch: noon))
    }
}
