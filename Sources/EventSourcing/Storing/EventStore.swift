import LedgerCore

/// An append-only, hash-chained log of events: the port that every store implements, embedded or
/// remote.
///
/// What holds of every store (its conformance suite is `EventStoreConformance`):
///
/// - *Atomic*: of one `append` all events are in the log, or none.
/// - *Durable*: when `append` returns, its events, its attachments and a signed checkpoint that
///   covers them survive the loss of power. An append that throws may have been kept only if the
///   failure came after the log's own commit; sending it again is harmless.
/// - *Serialised*: appends of any number of tasks and processes happen one after another. Positions
///   have no gaps, `recordedtime` never decreases, `streamversion` counts 1, 2, 3 … in every
///   stream.
/// - *Retry-safe*: an event whose source and id are in the log already is answered with its first
///   receipt, marked as a duplicate, if it is the same event (`EventDraft.isSame`), and is a
///   conflict if not.
/// - *Readers see whole appends*, and never block a writer.
/// - *The same events give the same bytes and the same root in every store*, given the same clock.
package protocol EventStore: Sendable {
    /// Appends events, with the attachments that they name, and returns a receipt for each, in
    /// order.
    ///
    /// - Parameter expecting: What the one stream of all the drafts, or the log, must be at; an append whose
    ///   events are all duplicates succeeds whatever is expected, for it was let in before.
    /// - Throws: `conflict`, `badInput` (with the draft's index), `busy`, `inputOutput`,
    ///   `notAllowed`.
    func append(
        _ drafts: [EventDraft], expecting: ExpectedVersion, attaching attachments: [Attachment]
    ) async throws(StoreError) -> [Receipt]

    /// The first entries, by position, that a query asks for.
    func entries(_ query: EntryQuery) async throws(StoreError) -> [Entry]

    func head() async throws(StoreError) -> LedgerHead

    /// The newest signed tree head; it covers the whole log.
    func checkpoint() async throws(StoreError) -> SignedNote

    /// The checkpoint that was signed when the log had this size; nil if none was.
    func checkpoint(of size: TreeSize) async throws(StoreError) -> SignedNote?

    /// The paths from entries to the root of the log at a size, which it must have reached
    /// (`badInput`).
    func inclusionProofs(
        of positions: [Position], in size: TreeSize
    ) async throws(StoreError) -> [InclusionProof]

    /// That the log at a size continues the log at a smaller one (`badInput` if it does not reach
    /// that far).
    func consistencyProof(
        from old: TreeSize, to size: TreeSize
    ) async throws(StoreError) -> ConsistencyProof

    /// That an entry is in the log, against the newest checkpoint.
    func proveInclusion(of position: Position) async throws(StoreError) -> TransparencyProof

    /// That the log of the newest checkpoint continues the log of an older size.
    func proveConsistency(from old: TreeSize) async throws(StoreError) -> WitnessRequest

    /// Keeps bytes by their digest; keeping them twice is harmless.
    func attach(_ attachment: Attachment) async throws(StoreError)

    /// The bytes of a digest, or nil if they were never attached.
    func attachment(_ digest: Digest) async throws(StoreError) -> Attachment?
}

extension EventStore {
    package func append(
        _ drafts: [EventDraft], expecting: ExpectedVersion = .any
    ) async throws(StoreError) -> [Receipt] {
        try await append(drafts, expecting: expecting, attaching: [])
    }

    package func entry(at position: Position) async throws(StoreError) -> Entry? {
        let found = try await entries(EntryQuery(from: position, limit: 1)).first
        return found?.position == position ? found : nil
    }

    /// The last entry of a type.
    package func newest(of type: EventType) async throws(StoreError) -> Entry? {
        var query = EntryQuery(from: .first, limit: 1)
        query.type = type
        query.isNewestFirst = true
        return try await entries(query).first
    }
}

/// How long a log is and what it ends with.
package struct LedgerHead: Sendable, Equatable {
    package let origin: KeyName
    package let size: TreeSize
    package let root: Digest
    /// The hash of the last entry.
    package let hash: Digest

    package init(origin: KeyName, size: TreeSize, root: Digest, hash: Digest) {
        self.origin = origin
        self.size = size
        self.root = root
        self.hash = hash
    }
}

/// Bytes kept beside the log, by their SHA-256.
package struct Attachment: Sendable, Equatable {
    package let digest: Digest
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        digest = SHA256.hash(bytes)
    }
}

extension Attachment {
    /// In bytes; SQLite keeps no value of more than 1,000,000,000.
    package static let largest = 900_000_000
}
