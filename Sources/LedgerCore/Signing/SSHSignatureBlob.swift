// What an SSH key writes when it signs: RFC 4253 §6.6 and, by the type of the key,
//
//     ssh-ed25519               string "ssh-ed25519", string signature (64 bytes)
//     ecdsa-sha2-nistp256, …    string the key's type, string (mpint r, mpint s)
//     ssh-rsa                   string "rsa-sha2-256" or "rsa-sha2-512", string s (RFC 8332 §3)
//     sk-…                      as without sk-, then byte flags, uint32 counter
//
//     00 00 00 0B "ssh-ed25519" 00 00 00 40 …64 bytes…
//
// A FIDO token does not sign the message but (OpenSSH's PROTOCOL.u2f)
//
//     SHA-256(application) ‖ flags ‖ counter ‖ SHA-256(message)
//
// Bit 0 of the flags says that a user touched the token.

/// A signature by an SSH key, not yet checked.
struct SSHSignatureBlob: Sendable {
    private let type: String
    private let value: [UInt8]
    private let flags: UInt8
    private let counter: UInt32

    /// Reads the signature that a key of this type makes.
    init(parsing bytes: [UInt8], by keyType: SSHKeyType) throws(NoteError) {
        var reader = SSHReader(bytes)
        type = try reader.text()
        guard Self.types(of: keyType).contains(where: type.isSameText) else {
            throw NoteError(
                "a signature of type \(type.debugDescription) is not by a key of type "
                    + keyType.rawValue)
        }
        value = try reader.string()
        flags = keyType.isSecurityKey ? try reader.byte() : 0
        counter = keyType.isSecurityKey ? try reader.uint32() : 0
        try reader.end()
    }

    private static func types(of key: SSHKeyType) -> [String] {
        key == .rsa ? ["rsa-sha2-256", "rsa-sha2-512", "ssh-rsa"] : [key.rawValue]
    }

    /// Throws unless this is the key's signature of the message.
    func verify(_ message: [UInt8], by key: SSHPublicKey) throws(CryptoError) {
        guard type != "ssh-rsa" else {
            throw CryptoError(
                "an RSA signature of type ssh-rsa is with SHA-1; rsa-sha2-512 or rsa-sha2-256 is"
                    + " needed")
        }
        guard flags & 0x01 == 0x01 || key.application == nil else {
            throw CryptoError("no user touched the security key that signed")
        }
        let signed = signedByToken(message, application: key.application)
        let isTrue =
            switch key.numbers {
            case .ed25519(let key): key.verifies(value, of: signed)
            case .ecdsa(let curve, let point): verifies(signed, curve: curve, point: point)
            case .rsa(let modulus, let exponent):
                verifies(signed, modulus: modulus, exponent: exponent)
            }
        guard isTrue else {
            throw CryptoError("the signature is false: it is not by this key of this message")
        }
    }

    private func signedByToken(_ message: [UInt8], application: String?) -> [UInt8] {
        guard let application else { return message }
        return SHA256.hash(Array(application.utf8)).bytes + [flags]
            + SSHBlob.uint32(Int(counter)) + SHA256.hash(message).bytes
    }

    private func verifies(_ message: [UInt8], curve: SSHCurve, point: [UInt8]) -> Bool {
        guard let key = LibCryptoPublicKey(curve: curve, point: point),
            let signature = Self.der(value, width: curve.width)
        else { return false }
        return key.verifies(signature, of: message, hashedWith: curve.digest)
    }

    /// Like ssh-keygen, takes a signature without its leading zero bytes too.
    private func verifies(_ message: [UInt8], modulus: [UInt8], exponent: [UInt8]) -> Bool {
        guard let key = LibCryptoPublicKey(modulus: modulus, exponent: exponent),
            value.count <= modulus.count
        else { return false }
        let zeros = [UInt8](repeating: 0, count: modulus.count - value.count)
        let digest: LibCryptoDigest = type == "rsa-sha2-256" ? .sha256 : .sha512
        return key.verifies(zeros + value, of: message, hashedWith: digest)
    }

    /// SEQUENCE { INTEGER r, INTEGER s } (RFC 3279 §2.2.3) of the two mpints; nil if there are not
    /// just two, or if one is wider than the curve.
    private static func der(_ numbers: [UInt8], width: Int) -> [UInt8]? {
        var reader = SSHReader(numbers)
        guard let r = try? reader.paddedNumber(), let s = try? reader.paddedNumber(),
            (try? reader.end()) != nil, r.count <= width, s.count <= width
        else { return nil }
        let integers = [r, s].map { digits in
            let bytes = digits.isEmpty ? [0] : SSHBlob.number(digits)
            return [0x02, UInt8(bytes.count)] + bytes
        }
        // At most 2 · (2 + 1 + 48) bytes, so one byte tells the length.
        let body = integers[0] + integers[1]
        return [0x30, UInt8(body.count)] + body
    }
}
