import LedgerCore

extension Value {
    /// An OpenSSH public key, the line of a `.pub` file. Two lines of one key compare the same,
    /// whatever their comments.
    func publicKey() -> (text: String, compared: String)? {
        guard let text = text() else { return nil }
        do throws(NoteError) {
            let key = try SSHPublicKey(parsing: text)
            return (text, "\(key.type.rawValue) \(Base64.encode(key.blob))")
        } catch {
            let kinds = SSHKeyType.allCases.map(\.rawValue).joined(separator: ", ")
            fault(
                "\(name) is no OpenSSH public key: \(error); copy the whole line of the .pub file, as "
                    + "ssh-ed25519 AAAA…; types are \(kinds)")
            return nil
        }
    }

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
