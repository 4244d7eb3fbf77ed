// Whose keys may sign, for what and when: ssh-keygen(1), "ALLOWED SIGNERS".
//
//     # principals [options] key type, base64 of the key, comment
//     alice@example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICnsDdnNtayPl8YdathurgDjMwZBH1sqR8Tj…
//     *@example.com,!eve@example.com namespaces="git,daybook",valid-before="20271231Z" ssh-rsa AAA…
//     "release robot" ssh-ed25519 AAAA…
//
// Principals and namespaces are pattern lists; quotes around the principals allow spaces in them.
// Options: cert-authority, namespaces, valid-after, valid-before (both times still allow). A line
// of a certificate authority allows certificates alone, which are not read here, and so no key.
//
// Stricter than ssh-keygen, which passes over the lines that it cannot read: here one such line
// refuses the file, so that a typing error shows itself.

/// The allowed signers of a file.
package struct AllowedSigners: Sendable {
    package enum Answer: Sendable, Equatable {
        /// By the line of that number; the first is 1.
        case allowed(line: Int)
        /// With sentences of why.
        case refused([String])
    }

    private let lines: [AllowedSignersLine]

    /// Throws an error that names the line.
    package init(parsing bytes: [UInt8]) throws(NoteError) {
        var lines: [AllowedSignersLine] = []
        let texts = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, text) in texts.enumerated() {
            do throws(NoteError) {
                guard let line = try AllowedSignersLine(parsing: text, number: index + 1) else {
                    continue
                }
                lines.append(line)
            } catch {
                throw NoteError("line \(index + 1) of the allowed signers: \(error)")
            }
        }
        self.lines = lines
    }

    /// Whether the key may sign as the principal, for the namespace, at the time.
    package func answer(
        to key: SSHPublicKey, as principal: String, namespace: String, at time: SSHTime
    ) -> Answer {
        var reasons: [String] = []
        for line in lines where line.key == key && line.principals.matches(principal) {
            guard let reason = line.refusal(namespace: namespace, at: time) else {
                return .allowed(line: line.number)
            }
            reasons.append("line \(line.number) of the allowed signers: \(reason)")
        }
        if reasons.isEmpty {
            let name = principal.debugDescription
            reasons = ["no line of the allowed signers allows \(key.fingerprint) as \(name)"]
        }
        return .refused(reasons)
    }
}
