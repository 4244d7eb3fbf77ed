import EventSourcing
import LedgerCore

/// What an approver signs: canonical JSON that names the release, the hash of its cut's entry, and
/// the deed. Whoever holds the signature can tell what was agreed to, without the ledger.
package struct SignedStatement: Sendable, Equatable {
    package enum Deed: String, Sendable {
        case approve
        case override
        /// Of a discrepancy: `release` is the stream `reconciliation`, `cut` the entry that found it.
        case explain
    }

    /// SSH signatures are bound to it (PROTOCOL.sshsig), so that a signature for something else,
    /// as a git commit, is no approval.
    package static let namespace = "daybook"

    package var deed: Deed
    package var release: String
    package var cut: Digest
    /// Their name in `people`.
    package var person: String
    /// What an override says besides: the gate, the reason, its end.
    package var details: JSONObject

    package init(
        _ deed: Deed, release: String, cut: Digest, person: String,
        details: JSONObject = JSONObject()
    ) {
        self.deed = deed
        self.release = release
        self.cut = cut
        self.person = person
        self.details = details
    }

    package var bytes: [UInt8] {
        CanonicalJSONWriter.bytes(of: [
            "as": .string(person), "cut": .string(cut.hex), "deed": .string(deed.rawValue),
            "details": .object(details), "release": .string(release),
        ])
    }

    /// What is wrong with a signature as that of this person; nil if nothing is.
    package func fault(of signature: String, in people: [Person]) -> String? {
        guard let person = people.first(where: { $0.name == person }) else {
            return "\(self.person) is not among people"
        }
        do {
            let signature = try SSHSignature(parsing: Array(signature.utf8))
            let keys = person.keys.compactMap { try? SSHPublicKey(parsing: $0) }
            guard keys.contains(signature.publicKey) else {
                return
                    "it was signed by \(signature.publicKey.fingerprint), no key of \(person.name)"
            }
            try signature.verify(bytes, namespace: Self.namespace)
            return nil
        } catch {
            return "its signature: \(error)"
        }
    }
}
