import LedgerCore
import Testing

@Suite("SSH public keys")
struct SSHPublicKeyTests {
    @Test("a key is read, shown and fingerprinted as ssh-keygen does", arguments: SSHFixture.good)
    func goodKeys(fixture: SSHFixture) throws {
        let key = try fixture.publicKey()
        #expect(key.description == fixture.key)
        #expect(key.fingerprint == fixture.fingerprint)
        #expect(try SSHPublicKey(blob: key.blob) == key)
        for end in ["\n", "\r\n", " ", " a comment, \u{E9}\n", "\tcomment"] {
            #expect(try SSHPublicKey(parsing: fixture.key + end) == key)
        }
    }

    @Test("keys are equal by their blobs")
    func equality() throws {
        let key = try SSHFixture.ed25519.publicKey()
        #expect(try key == SSHFixture.ed25519WithSHA256.publicKey())
        #expect(try Set([key, key, SSHFixture.tokenEd25519.publicKey()]).count == 2)
    }

    @Test("a blob that is cut off or goes on is refused", arguments: SSHFixture.good)
    func lengths(fixture: SSHFixture) throws {
        let blob = try fixture.publicKey().blob
        for length in blob.indices {
            #expect(throws: NoteError.self) { try SSHPublicKey(blob: Array(blob[..<length])) }
        }
        #expect(throws: NoteError.self) { try SSHPublicKey(blob: blob + [0]) }
    }

    @Test("a malformed line is refused", arguments: lines)
    func malformedLines(line: String) {
        #expect(throws: NoteError.self) { try SSHPublicKey(parsing: line) }
    }

    private static let base64 =
        "AAAAC3NzaC1lZDI1NTE5AAAAICnsDdnNtayPl8YdathurgDjMwZBH1sqR8TjX4l9tvn6"
    static let lines = [
        "", "\n", " ", "ssh-ed25519", "ssh-ed25519 ", base64, "ssh-ed25519\(base64)",
        " ssh-ed25519 \(base64)", "ssh-rsa \(base64)", "ssh-Ed25519 \(base64)",
        "sk-ssh-ed25519@openssh.com \(base64)", "ssh-ed25519 \(base64.dropLast())",
        "ssh-ed25519 \(base64)=", "ssh-ed25519 \(base64)AAAA", "ssh-ed25519 -\(base64.dropFirst())",
        "ssh-ed25519 \(base64)\nssh-ed25519 \(base64)", "ssh-ed25519 \(base64)\n\n",
        "ssh-ed25519 \(base64) a\rb", "ssh-ed25519 \(base64) a\0b", "ssh-ed25519\n\(base64)",
        "# ssh-ed25519 \(base64)", "cert-authority ssh-ed25519 \(base64)",
    ]

    @Test("a malformed blob is refused", arguments: blobs)
    func malformedBlobs(what: String, blob: [UInt8]) {
        #expect(throws: NoteError.self) { try SSHPublicKey(blob: blob) }
    }

    static let blobs: [(String, [UInt8])] = {
        func field(_ bytes: [UInt8]) -> [UInt8] { SSHFixture.field(bytes) }
        func type(_ name: String) -> [UInt8] { SSHFixture.field(name) }
        func rsa(_ e: [UInt8], _ n: [UInt8]) -> [UInt8] { type("ssh-rsa") + field(e) + field(n) }
        func odd(_ bytes: Int) -> [UInt8] {
            [0, 0x81] + [UInt8](repeating: 0x5B, count: bytes - 1)
        }
        let p256 = type("ecdsa-sha2-nistp256")
        let zeros = [UInt8](repeating: 0, count: 64)
        return [
            ("DSA", type("ssh-dss") + field([1])), ("no type", field([]) + field(zeros)),
            ("a certificate", type("ssh-ed25519-cert-v01@openssh.com") + field(zeros)),
            ("Ed25519 of 31 bytes", type("ssh-ed25519") + field(Array(zeros[..<31]))),
            ("Ed25519 of 33 bytes", type("ssh-ed25519") + field(Array(zeros[..<33]))),
            ("a length past the end", type("ssh-ed25519") + [0xFF, 0xFF, 0xFF, 0xFF, 1]),
            ("a type with NUL", type("ssh-ed25519\0") + field(Array(zeros[..<32]))),
            ("the other curve", p256 + type("nistp384") + field([4] + zeros)),
            ("a point off the curve", p256 + type("nistp256") + field([4] + zeros)),
            ("the curve's zero", p256 + type("nistp256") + field([0])),
            ("no point", p256 + type("nistp256") + field([])),
            ("a compressed point", p256 + type("nistp256") + field([2] + zeros[..<32])),
            ("RSA of 2047 bits", rsa([1, 0, 1], [0x7F] + odd(256).dropFirst(2))),
            ("RSA of 1024 bits", rsa([1, 0, 1], odd(128))),
            ("RSA of 16392 bits", rsa([1, 0, 1], odd(2049))),
            ("RSA with e = 1", rsa([1], odd(256))), ("RSA with e = 0", rsa([], odd(256))),
            ("RSA with an even e", rsa([1, 0, 0], odd(256))),
            ("RSA with e of 9 bytes", rsa([1, 0, 0, 0, 0, 0, 0, 0, 1], odd(256))),
            ("RSA with a negative n", rsa([1, 0, 1], Array(odd(256).dropFirst()))),
            ("RSA with a longer n than needed", rsa([1, 0, 1], [0] + odd(256))),
            ("RSA with a longer e than needed", rsa([0, 1, 0, 1], odd(256))),
            ("RSA with an even n", rsa([1, 0, 1], odd(256).dropLast() + [0x5A])),
            ("RSA without n", rsa([1, 0, 1], [])),
        ]
    }()
}
