// C2SP signed-note: https://c2sp.org/signed-note
//
//     key ID       = SHA-256(name ‖ 0A ‖ 01 ‖ public key)[0..<4]
//     verifier key = name+hex8(key ID)+base64(01 ‖ public key)

/// The name of a key: non-empty, no white space, no plus, no control characters. A ledger's is its
/// origin.
package struct KeyName: Sendable, Hashable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) throws(NoteError) {
        guard !text.isEmpty else { throw NoteError("a key name is empty") }
        for scalar in text.unicodeScalars {
            guard !scalar.properties.isWhitespace, scalar != "+", scalar.value >= 0x20,
                !(0x7F...0x9F).contains(scalar.value)
            else { throw NoteError("a key name holds white space, a plus or a control character") }
        }
        self.text = text
    }

    package static func == (left: KeyName, right: KeyName) -> Bool {
        left.text.isSameText(as: right.text)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }

    package var description: String { text }
}

/// An Ed25519 public key with its name, as a ledger publishes it.
package struct VerifierKey: Sendable, Equatable, CustomStringConvertible {
    package let name: KeyName
    package let publicKey: Ed25519PublicKey

    /// C2SP's signature type of plain Ed25519.
    private static let ed25519: UInt8 = 0x01

    package init(name: KeyName, publicKey: Ed25519PublicKey) {
        self.name = name
        self.publicKey = publicKey
    }

    package init(parsing text: String) throws(NoteError) {
        let parts = text.split(separator: UInt8(ascii: "+"), maxPieces: 3)
        guard parts.count == 3 else {
            throw NoteError("a verifier key has the form name+hash+key")
        }
        name = try KeyName(String(parts[0]))
        guard parts[1].utf8.count == 8, let id = Hex.decode(String(parts[1])) else {
            throw NoteError("the second part of a verifier key is 8 lower-case hexadecimal digits")
        }
        guard let encoded = Base64.decode(parts[2]), let kind = encoded.first else {
            throw NoteError("the third part of a verifier key is base64")
        }
        guard kind == Self.ed25519 else {
            throw NoteError("a verifier key of type \(kind); Daybook reads Ed25519 keys (type 1)")
        }
        guard let publicKey = Ed25519PublicKey(Array(encoded.dropFirst())) else {
            throw NoteError("an Ed25519 verifier key has 32 bytes after its type")
        }
        self.publicKey = publicKey
        guard id == self.id else {
            throw NoteError("the key ID of the verifier key is not that of its name and key")
        }
    }

    /// Four bytes that tell keys of one name apart.
    package var id: [UInt8] {
        let digest = SHA256.hash(Array(name.text.utf8) + [0x0A, Self.ed25519] + publicKey.bytes)
        return Array(digest.bytes[..<4])
    }

    package var description: String {
        "\(name)+\(Hex.encode(id))+\(Base64.encode([Self.ed25519] + publicKey.bytes))"
    }
}
