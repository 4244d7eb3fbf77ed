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
    /// What it says of the event: `id`, `streamversion`, `recordedtime`.
    private let facts: [String: JSONValue]
    package let checkpoint: SignedNote

    package init(_ value: JSONValue) throws(NoteError) {
        guard let object = value.object, let position = object["position"]?.integer,
            let position = UInt64(exactly: position),
            let hash = object["hash"]?.string.flatMap({ Digest(hex: $0) }),
            let previous = object["previous"]?.string.flatMap({ Digest(hex: $0) }),
            let id = object["id"], id.string != nil,
            let version = object["streamversion"], version == .null || version.integer != nil,
            let time = object["recordedtime"], time.string != nil,
            object["duplicate"]?.isBool == true, object["assurance"]?.string != nil,
            let note = object["checkpoint"]?.string
        else { throw NoteError("not a receipt: a member is missing or not as it should be") }
        self.position = Position(position)
        self.hash = hash
        self.previous = previous
        facts = ["id": id, "streamversion": version, "recordedtime": time]
        checkpoint = try SignedNote(parsing: Array(note.utf8))
        _ = try Checkpoint(parsing: checkpoint.text)
    }

    /// What the event of its entry says otherwise.
    func contradictions(_ entry: Entry) -> [String] {
        let event = try? StrictJSONParser.parse(entry.eventBytes, integers: .asStored).object
        return facts.sorted { $0.key < $1.key }.compactMap { name, value in
            (event?[name] ?? .null) == value ? nil : "the event has another \(name)"
        }
    }
}
