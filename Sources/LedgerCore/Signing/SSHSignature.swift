// OpenSSH's detached signatures, as `ssh-keygen -Y sign` writes them (PROTOCOL.sshsig).
//
//     -----BEGIN SSH SIGNATURE-----
//     U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgKewN2c21rI+Xxh1q2G6uAOMzBk
//     …
//     -----END SSH SIGNATURE-----
//
// The armour holds in base64
//
//     "SSHSIG" ‖ uint32 1 ‖ string public key ‖ string namespace ‖ string reserved
//         ‖ string hash algorithm ‖ string signature
//
// and what is signed is
//
//     "SSHSIG" ‖ string namespace ‖ string "" ‖ string hash algorithm ‖ string hash(message)
//
// Armour is read as ssh-keygen reads it: the first line exact, white space anywhere in the base64,
// any text after the last line's dashes; the reserved field says nothing.
//
// Stricter than `ssh-keygen -Y verify`, which takes them: version 0, names with a NUL at their end,
// Ed25519 signatures whose S is not below the group's order (RFC 8032 §5.1.7), tokens that no user
// touched, RSA keys below 2048 bits, and keys of other types than SSHKeyType's (also certificates).

/// A signature with the key that it names. Holding one says nothing of its truth, nor of whose key
/// it is: `verify` and `AllowedSigners` do.
package struct SSHSignature: Sendable {
    package enum HashAlgorithm: String, Sendable, CaseIterable {
        case sha256
        case sha512

        fileprivate var digest: LibCryptoDigest { self == .sha256 ? .sha256 : .sha512 }
    }

    package let publicKey: SSHPublicKey
    /// What the signature is for, as `git` or `file`.
    package let namespace: String
    package let hashAlgorithm: HashAlgorithm
    private let signature: SSHSignatureBlob

    package static let mostBytes = 1 << 20
    private static let magic = "SSHSIG"

    /// Reads the armoured text.
    package init(parsing armour: [UInt8]) throws(NoteError) {
        try self.init(blob: try Self.blob(in: armour))
    }

    /// Reads what the armour holds.
    package init(blob: [UInt8]) throws(NoteError) {
        var reader = SSHReader(blob)
        guard reader.take(magic: Self.magic) else {
            throw NoteError("an SSH signature does not start with \(Self.magic)")
        }
        let version = try reader.uint32()
        guard version == 1 else {
            throw NoteError("an SSH signature of version \(version); only version 1 is known")
        }
        publicKey = try SSHPublicKey(blob: try reader.string())
        namespace = try reader.text()
        guard !namespace.isEmpty else { throw NoteError("an SSH signature names no namespace") }
        _ = try reader.string()
        let name = try reader.text()
        guard
            let algorithm = HashAlgorithm.allCases.first(where: { name.isSameText(as: $0.rawValue) }
            )
        else {
            throw NoteError(
                "an SSH signature with the hash algorithm \(name.debugDescription), not sha256 or"
                    + " sha512")
        }
        hashAlgorithm = algorithm
        signature = try SSHSignatureBlob(parsing: try reader.string(), by: publicKey.type)
        try reader.end()
    }

    private static func blob(in armour: [UInt8]) throws(NoteError) -> [UInt8] {
        guard armour.count <= Self.mostBytes else {
            throw NoteError("an SSH signature is longer than 1 MiB")
        }
        let first = Array("-----BEGIN SSH SIGNATURE-----\n".utf8)
        guard armour.starts(with: first) else {
            throw NoteError("an SSH signature does not start with its line BEGIN SSH SIGNATURE")
        }
        let body = armour[first.count...]
        guard let end = body.firstRange(of: Array("\n-----END SSH SIGNATURE-----".utf8)) else {
            throw NoteError("an SSH signature has no line END SSH SIGNATURE")
        }
        // What C's isspace takes for white space: a tab, line feed, vertical tab, form feed,
        // carriage return and a space.
        let letters = body[..<end.lowerBound].filter { !(9...13).contains($0) && $0 != 0x20 }
        guard let blob = Base64.decode(String(decoding: letters, as: UTF8.self)) else {
            throw NoteError("an SSH signature is not valid base64")
        }
        return blob
    }

    /// Throws unless `publicKey` has signed the message for the namespace.
    package func verify(_ message: [UInt8], namespace: String) throws(CryptoError) {
        guard namespace.isSameText(as: self.namespace) else {
            throw CryptoError(
                "the signature is for the namespace \(self.namespace.debugDescription), not for"
                    + " \(namespace.debugDescription)")
        }
        let hash = try hashAlgorithm.digest.hash(message)
        let signed =
            Array(Self.magic.utf8) + SSHBlob.string(namespace) + SSHBlob.string("")
            + SSHBlob.string(hashAlgorithm.rawValue) + SSHBlob.string(hash)
        try signature.verify(signed, by: publicKey)
    }
}
