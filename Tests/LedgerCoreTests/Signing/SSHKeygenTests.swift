import LedgerCore
import LedgerTesting
import Testing

/// The verdicts of `ssh-keygen -Y verify` and of Daybook, one for one.
@Suite("Agreement with ssh-keygen", .enabled(if: SSHKeygen.isInstalled))
struct SSHKeygenTests {
    @Test("on signatures by new keys, good and bad", arguments: kinds)
    func newKeys(options: [String], hash: String) throws {
        let keygen = try SSHKeygen()
        let key = try keygen.makeKey("key", options)
        let armour = try keygen.sign(
            SSHFixture.message, with: "key", namespace: "daybook",
            options: ["-O", "hashalg=\(hash)"])
        try Self.compareAll(keygen, armour: armour, key: key.split(separator: "\n").joined())
    }

    static let kinds: [([String], String)] = [
        (["-t", "ed25519"], "sha512"), (["-t", "ed25519"], "sha256"),
        (["-t", "ecdsa", "-b", "256"], "sha512"), (["-t", "ecdsa", "-b", "384"], "sha256"),
        (["-t", "rsa", "-b", "2048"], "sha512"), (["-t", "rsa", "-b", "3072"], "sha256"),
    ]

    @Test("on signatures made elsewhere", arguments: SSHFixture.good)
    func fixtures(fixture: SSHFixture) throws {
        try Self.compareAll(try SSHKeygen(), armour: fixture.armour, key: fixture.key)
    }

    @Test("on RSA with SHA-1: it is refused")
    func sha1() throws {
        let fixture = SSHFixture.rsaWithSHA1
        let question = SSHVerification(
            armour: fixture.armour, allowedSigners: "* \(fixture.key)\n")
        #expect(try !SSHKeygen().verifies(question) && !question.isGood)
    }

    @Test("but a token that nobody touched is refused by Daybook alone")
    func untouched() throws {
        let fixture = SSHFixture.tokenEd25519Untouched
        let question = SSHVerification(
            armour: fixture.armour, allowedSigners: "* \(fixture.key)\n")
        #expect(try SSHKeygen().verifies(question) && !question.isGood)
    }

    @Test("on armour that is tolerated or malformed")
    func armour() throws {
        let keygen = try SSHKeygen()
        // ssh-keygen sets no limit to the length.
        let cases = SSHArmourTests.harmless + SSHArmourTests.malformed.filter { $0.0 != "too long" }
        for (what, armour) in cases {
            let line = "alice@example.com \(SSHFixture.ed25519.key)\n"
            try Self.compare(
                keygen, what, SSHVerification(armour: armour, allowedSigners: line))
        }
    }

    @Test("on lines of allowed signers, alone in their file")
    func allowedSigners() throws {
        let keygen = try SSHKeygen()
        let lines = SSHAllowedSignersTests.allowing + SSHAllowedSignersTests.refusing
        for line in lines {
            try Self.compare(
                keygen, line,
                SSHVerification(armour: SSHFixture.ed25519.armour, allowedSigners: line + "\n"))
        }
    }

    private static func compareAll(_ keygen: SSHKeygen, armour: String, key: String) throws {
        let line = "alice@example.com \(key)\n"
        let good = SSHVerification(armour: armour, allowedSigners: line)
        #expect(good.isGood)
        try compare(keygen, "nothing changed", good)
        for (what, change) in changes {
            var question = good
            change(&question)
            try compare(keygen, what, question)
        }
        let blob = try #require(SSHFixture.blob(in: armour))
        for index in stride(from: 0, to: blob.count, by: 13) {
            var bytes = blob
            bytes[index] ^= 0x10
            var question = good
            question.armour = SSHFixture.armour(bytes)
            try compare(keygen, "byte \(index) changed", question)
        }
        for signers in ["", "# \(line)", "bob \(key)\n", "* \(other)\n"]
            + options.map({ "alice@example.com \($0) \(key)\n" })
        {
            try compare(
                keygen, signers, SSHVerification(armour: armour, allowedSigners: signers))
        }
    }

    private static let changes: [(String, @Sendable (inout SSHVerification) -> Void)] = [
        ("another message", { $0.message += [0] }), ("no message", { $0.message = [] }),
        ("another namespace", { $0.namespace = "file" }),
        ("another principal", { $0.principal = "bob@example.com" }),
        ("a longer principal", { $0.principal += "x" }),
        ("cut-off armour", { $0.armour = String($0.armour.prefix($0.armour.count / 2)) }),
        ("no last line", { $0.armour = String($0.armour.dropLast(29)) }),
        ("CRLF", { $0.armour = $0.armour.replacing("\n", with: "\r\n") }),
        ("text after", { $0.armour += "more\n" }),
        ("text before", { $0.armour = "a\n" + $0.armour }),
        (
            "a byte less",
            {
                $0.armour = SSHFixture.armour(
                    Array((SSHFixture.blob(in: $0.armour) ?? []).dropLast()))
            }
        ),
        (
            "a byte more",
            { $0.armour = SSHFixture.armour((SSHFixture.blob(in: $0.armour) ?? []) + [0]) }
        ),
    ]

    private static let other =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"

    private static let options = [
        "valid-before=\"20261124115959Z\"", "valid-before=\"20261124120000Z\"",
        "valid-after=\"20261124120001Z\"", "valid-after=\"20261124120000Z\"", "cert-authority",
        "namespaces=\"daybook\"", "namespaces=\"git\"", "namespaces=\"*,!daybook\"",
        "namespaces=daybook", "unknown", "valid-before=\"yesterday\"",
    ]

    private static func compare(
        _ keygen: SSHKeygen, _ what: String, _ question: SSHVerification
    ) throws {
        #expect(try keygen.verifies(question) == question.isGood, "\(what)")
    }
}
