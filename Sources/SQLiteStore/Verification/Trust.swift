import EventSourcing
import LedgerCore

/// What an auditor brings along: without it a verifier can only say that a ledger agrees with
/// itself.
package struct Trust: Sendable {
    package var key: TrustedKey?
    package var checkpoints: [Evidence<SignedNote>] = []
    package var receipts: [Evidence<TrustedReceipt>] = []

    package init() {}

    /// The ledger's public key, as it was published.
    package struct TrustedKey: Sendable {
        /// Nil for a key that was given without one.
        package let name: KeyName?
        package let publicKey: Ed25519PublicKey

        package init(name: KeyName?, publicKey: Ed25519PublicKey) {
            self.name = name
            self.publicKey = publicKey
        }

        func isSame(as key: VerifierKey) -> Bool {
            publicKey == key.publicKey && name.map { $0 == key.name } ?? true
        }
    }

    /// A piece of evidence and where it came from.
    package struct Evidence<Value: Sendable>: Sendable {
        package let source: String
        package let value: Value

        package init(_ value: Value, from source: String) {
            self.value = value
            self.source = source
        }
    }
}

/// What a receipt promises. docs/spec/receipt.md.
package struct TrustedReceipt: Sendable {
    package let position: Position
    package let hash: Digest
    package let previous: Digest
    package let checkpoint: SignedNote

    package init(_ value: JSONValue) throws(NoteError) {
        guard let object = value.object, let position = object["position"]?.integer,
            let position = UInt64(exactly: position),
            let hash = object["hash"]?.string.flatMap({ Digest(hex: $0) }),
            let previous = object["previous"]?.string.flatMap({ Digest(hex: $0) }),
            let note = object["checkpoint"]?.string
        else { throw NoteError("not a receipt: it needs position, hash, previous, checkpoint") }
        self.position = Position(position)
        self.hash = hash
        self.previous = previous
        checkpoint = try SignedNote(parsing: Array(note.utf8))
    }
}
