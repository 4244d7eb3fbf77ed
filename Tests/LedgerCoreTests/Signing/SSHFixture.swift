import LedgerCore
import Testing

/// An SSH key with its signature of "Ship it.\n" for the namespace "daybook".
struct SSHFixture: Sendable, CustomTestStringConvertible {
    let what: String
    let key: String
    let fingerprint: String
    let armour: String

    static let message = Array("Ship it.\n".utf8)
    static let namespace = "daybook"

    /// One true signature of each algorithm.
    static let good = [
        ed25519, ed25519WithSHA256, p256, p384, rsa, rsaWithSHA256, tokenEd25519, tokenP256,
    ]

    var testDescription: String { what }

    func publicKey() throws -> SSHPublicKey { try SSHPublicKey(parsing: key) }

    func signature() throws -> SSHSignature { try SSHSignature(parsing: Array(armour.utf8)) }

    /// What the armour holds.
    func blob() throws -> [UInt8] { try #require(Self.blob(in: armour)) }

    static func blob(in armour: String) -> [UInt8]? {
        Base64.decode(armour.split(separator: "\n").dropFirst().dropLast().joined())
    }

    static func armour(_ blob: [UInt8]) -> String {
        let first = "-----BEGIN SSH SIGNATURE-----\n"
        return first + Base64.encode(blob) + "\n-----END SSH SIGNATURE-----\n"
    }

    /// A string of the SSH protocol.
    static func field(_ bytes: [UInt8]) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: bytes.count >> $0) } + bytes
    }

    static func field(_ text: String) -> [UInt8] { field(Array(text.utf8)) }
}
