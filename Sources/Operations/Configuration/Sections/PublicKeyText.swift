import LedgerCore

extension Value {
    /// An OpenSSH public key as `ssh-keygen` writes it: kind, Base64, and a comment that does not
    /// count. Its Base64 starts with its kind again, so that a broken line is noticed.
    func publicKey() -> (text: String, compared: String)? {
        guard let text = text() else { return nil }
        let parts = text.split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, Self.keyKinds.contains(String(parts[0])) else {
            fault(
                "\(name) must be an OpenSSH public key, as ssh-ed25519 AAAA…; kinds are "
                    + Self.keyKinds.joined(separator: ", "))
            return nil
        }
        let kind = Array(parts[0].utf8)
        let length = [0, 0, 0, UInt8(kind.count)]
        guard let bytes = Base64.decode(String(parts[1])),
            bytes.starts(with: length + kind), bytes.count > kind.count + 8
        else {
            fault("\(name) is cut short or changed; copy the whole line of the .pub file")
            return nil
        }
        return (text, "\(parts[0]) \(parts[1])")
    }

    private static let keyKinds = [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ssh-rsa",
        "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
    ]

    func email() -> String? {
        guard let text = text() else { return nil }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let isPlain = !text.contains { $0.isWhitespace || $0 == "<" || $0 == ">" }
        guard parts.count == 2, isPlain, !parts[0].isEmpty, !parts[1].isEmpty else {
            fault("\"\(text)\" is no email address; write it as ann@example.com, without a name")
            return nil
        }
        return text
    }
}
