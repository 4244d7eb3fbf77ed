// The key types of OpenSSH that Daybook reads: RFC 8709 (Ed25519), RFC 5656 (ECDSA), RFC 4253 §6.6
// (RSA), and OpenSSH's PROTOCOL.u2f (`sk-…`: the private key is in a FIDO token).

/// The type of an SSH key, by its name in a key line.
package enum SSHKeyType: String, Sendable, CaseIterable {
    case ed25519 = "ssh-ed25519"
    case p256 = "ecdsa-sha2-nistp256"
    case p384 = "ecdsa-sha2-nistp384"
    case rsa = "ssh-rsa"
    case securityKeyEd25519 = "sk-ssh-ed25519@openssh.com"
    case securityKeyP256 = "sk-ecdsa-sha2-nistp256@openssh.com"

    init?(_ name: String) {
        guard let type = Self.allCases.first(where: { $0.rawValue.isSameText(as: name) }) else {
            return nil
        }
        self = type
    }

    /// Whether signatures carry the token's flags and counter.
    var isSecurityKey: Bool { self == .securityKeyEd25519 || self == .securityKeyP256 }
}

/// A curve of NIST SP 800-186.
enum SSHCurve: String, Sendable {
    /// The names of RFC 5656 §10.1.
    case p256 = "nistp256"
    case p384 = "nistp384"

    /// libcrypto's name.
    var group: String { self == .p256 ? "P-256" : "P-384" }

    /// The bytes of one coordinate.
    var width: Int { self == .p256 ? 32 : 48 }

    /// RFC 5656 §6.2.1.
    var digest: LibCryptoDigest { self == .p256 ? .sha256 : .sha384 }
}
