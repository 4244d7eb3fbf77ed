// A line of an OpenSSH public key file: sshd(8), "AUTHORIZED_KEYS FILE FORMAT", without options.
//
//     ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICnsDdnNtayPl8YdathurgDjMwZBH1sqR8TjX4l9tvn6 alice
//
// The type; the key blob in base64; a comment, which may be missing. The blob by type:
//
//     ssh-ed25519                         string type, string public key (32 bytes)
//     ecdsa-sha2-nistp256, …384           string type, string curve, string point
//     ssh-rsa                             string type, mpint e, mpint n
//     sk-ssh-ed25519@openssh.com          as without sk-, then string application
//     sk-ecdsa-sha2-nistp256@openssh.com  as without sk-, then string application
//
// One key has one blob here: mpints in their shortest form, points uncompressed. Stricter than
// OpenSSH: an RSA key has 2048 bits or more, and an odd exponent from 3 to 2⁶⁴ − 1.

/// A public key of OpenSSH.
package struct SSHPublicKey: Sendable, Hashable, CustomStringConvertible {
    enum Numbers: Sendable {
        case ed25519(Ed25519PublicKey)
        case ecdsa(SSHCurve, point: [UInt8])
        case rsa(modulus: [UInt8], exponent: [UInt8])
    }

    package let type: SSHKeyType
    package let blob: [UInt8]
    let numbers: Numbers
    /// What a FIDO token's key is for, usually `ssh:`; nil for other keys.
    package let application: String?

    package init(blob: [UInt8]) throws(NoteError) {
        var reader = SSHReader(blob)
        let name = try reader.text()
        guard let type = SSHKeyType(name) else {
            throw NoteError("SSH keys of type \(name.debugDescription) are not supported")
        }
        self.type = type
        self.blob = blob
        numbers =
            switch type {
            case .ed25519, .securityKeyEd25519: try Self.ed25519(&reader)
            case .p256, .securityKeyP256: try Self.ecdsa(.p256, &reader)
            case .p384: try Self.ecdsa(.p384, &reader)
            case .rsa: try Self.rsa(&reader)
            }
        application = type.isSecurityKey ? try reader.text() : nil
        try reader.end()
    }

    /// Reads a line, with or without its end.
    package init(parsing line: String) throws(NoteError) { try self.init(line: line.utf8[...]) }

    /// Comments may be in any encoding.
    init(line: some Sequence<UInt8>) throws(NoteError) {
        var line = Array(line)
        if line.last == 0x0A { line.removeLast() }
        if line.last == 0x0D { line.removeLast() }
        guard !line.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }) else {
            throw NoteError("an SSH public key is one line")
        }
        let fields = line.split(maxSplits: 2) { $0 == 0x20 || $0 == 0x09 }
        guard fields.count >= 2, fields[0].startIndex == 0,
            let blob = Base64.decode(String(decoding: fields[1], as: UTF8.self))
        else { throw NoteError("an SSH public key has the form \"type base64 comment\"") }
        try self.init(blob: blob)
        guard fields[0].elementsEqual(type.rawValue.utf8) else {
            throw NoteError("an SSH public key is of another type than its line says")
        }
    }

    private static func ed25519(_ reader: inout SSHReader) throws(NoteError) -> Numbers {
        guard let key = Ed25519PublicKey(try reader.string()) else {
            throw NoteError("an Ed25519 SSH key has 32 bytes")
        }
        return .ed25519(key)
    }

    private static func ecdsa(
        _ curve: SSHCurve, _ reader: inout SSHReader
    ) throws(NoteError) -> Numbers {
        guard try reader.text().isSameText(as: curve.rawValue) else {
            throw NoteError("an ECDSA SSH key names another curve than its type")
        }
        let point = try reader.string()
        guard LibCryptoPublicKey(curve: curve, point: point) != nil else {
            throw NoteError("an ECDSA SSH key is not an uncompressed point of \(curve.rawValue)")
        }
        return .ecdsa(curve, point: point)
    }

    private static func rsa(_ reader: inout SSHReader) throws(NoteError) -> Numbers {
        let exponent = try reader.number()
        let modulus = try reader.number()
        let bits = modulus.count * 8 - (modulus.first ?? 0).leadingZeroBitCount
        guard (2048...16384).contains(bits) else {
            throw NoteError("an RSA SSH key has \(bits) bits; from 2048 to 16384 are taken")
        }
        guard exponent.count <= 8, exponent != [1], exponent.last.map({ $0 & 1 == 1 }) ?? false,
            LibCryptoPublicKey(modulus: modulus, exponent: exponent) != nil
        else { throw NoteError("an RSA SSH key has a modulus or an exponent that is unsafe") }
        return .rsa(modulus: modulus, exponent: exponent)
    }

    /// As `ssh-keygen -l` prints it: `SHA256:` and base64 without padding.
    package var fingerprint: String {
        "SHA256:" + SHA256.hash(blob).base64.prefix { $0 != "=" }
    }

    /// The line, without a comment.
    package var description: String { "\(type.rawValue) \(Base64.encode(blob))" }

    package static func == (left: SSHPublicKey, right: SSHPublicKey) -> Bool {
        left.blob == right.blob
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(blob) }
}
