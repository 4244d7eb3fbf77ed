import LedgerCore

/// The reference implementation of the port: what every store must do, in memory. Durable only as
/// long as it lives.
package actor InMemoryEventStore: EventStore {
    private var log: Log
    private let signer: LedgerSigner
    private let clock: @Sendable () -> Timestamp

    /// Creates a ledger whose first entry names the origin and the key.
    package init(
        signer: LedgerSigner, clock: @escaping @Sendable () -> Timestamp
    ) throws {
        self.signer = signer
        self.clock = clock
        var log = Log()
        let created = try LedgerCreated(key: signer.verifierKey).draft(at: clock())
        _ = try log.append([created], signer: signer, clock: clock)
        self.log = log
    }

    package func append(
        _ drafts: [EventDraft], expecting: ExpectedVersion, attaching attachments: [Attachment]
    ) async throws(StoreError) -> [Receipt] {
        // Work on a copy, so that an append that throws leaves nothing behind.
        var next = log
        for attachment in attachments { next.attachments[attachment.digest] = attachment }
        let receipts = try next.append(
            drafts, expecting: expecting, signer: signer, clock: clock)
        log = next
        return receipts
    }

    package func entries(_ query: EntryQuery) async throws(StoreError) -> [Entry] {
        let wanted = log.events.lazy.filter { recorded in
            recorded.position >= query.from
                && query.end.map { recorded.position < $0 } ?? true
                && query.stream.map { recorded.event.subject == $0 } ?? true
                && query.type.map { recorded.event.type == $0 } ?? true
                && query.source.map { recorded.event.key.source == $0 } ?? true
                && query.id.map { recorded.event.key.id == $0 } ?? true
        }
        return query.isNewestFirst
            ? wanted.reversed().prefix(query.limit).map(\.entry)
            : wanted.prefix(query.limit).map(\.entry)
    }

    package func head() async throws(StoreError) -> LedgerHead {
        var tree = StoredTree(log)
        let size = TreeSize(UInt64(log.events.count))
        guard let last = log.events.last, let root = try? tree.root(size) else {
            throw StoreError(.damaged, "the ledger is empty")
        }
        return LedgerHead(
            origin: signer.origin, size: size, root: root, hash: last.entry.hash)
    }

    package func checkpoint() async throws(StoreError) -> SignedNote {
        guard let newest = log.checkpoints.last else {
            throw StoreError(.damaged, "the ledger has no checkpoint")
        }
        return newest.note
    }

    package func checkpoint(of size: TreeSize) async throws(StoreError) -> SignedNote? {
        log.checkpoints.first { $0.size == size }?.note
    }

    package func inclusionProofs(
        of positions: [Position], in size: TreeSize
    ) async throws(StoreError) -> [InclusionProof] {
        try checkReached(size)
        return try positions.map { position throws(StoreError) in
            try ProofMaker.inclusion(of: position, in: size, log)
        }
    }

    package func consistencyProof(
        from old: TreeSize, to size: TreeSize
    ) async throws(StoreError) -> ConsistencyProof {
        try checkReached(size)
        return try ProofMaker.consistency(from: old, to: size, log)
    }

    private func checkReached(_ size: TreeSize) throws(StoreError) {
        guard size.value <= log.events.count else {
            throw StoreError(
                .badInput, "the log has \(log.events.count) entries, fewer than \(size)")
        }
    }

    package func proveInclusion(
        of position: Position
    ) async throws(StoreError) -> TransparencyProof {
        let size = TreeSize(UInt64(log.events.count))
        let note = try await checkpoint()
        return try ProofMaker(size: size, checkpoint: note).inclusion(of: position, in: log)
    }

    package func proveConsistency(from old: TreeSize) async throws(StoreError) -> WitnessRequest {
        let size = TreeSize(UInt64(log.events.count))
        let note = try await checkpoint()
        return try ProofMaker(size: size, checkpoint: note).consistency(from: old, in: log)
    }

    package func attach(_ attachment: Attachment) async throws(StoreError) {
        log.attachments[attachment.digest] = attachment
    }

    package func attachment(_ digest: Digest) async throws(StoreError) -> Attachment? {
        log.attachments[digest]
    }
}

/// The stored state, as a value: copied before an append, kept after it.
private struct Log: AppendTransaction, StoredHashes {
    var events: [RecordedEvent] = []
    var positions: [EventKey: Position] = [:]
    var versions: [StreamName: StreamVersion] = [:]
    var checkpoints: [(size: TreeSize, note: SignedNote)] = []
    var attachments: [Digest: Attachment] = [:]
    var subtrees: [Int: [Digest]] = [:]

    mutating func append(
        _ drafts: [EventDraft], expecting: ExpectedVersion = .any, signer: LedgerSigner,
        clock: () -> Timestamp
    ) throws(StoreError) -> [Receipt] {
        var tree = StoredTree(self)
        guard let range = try? tree.compactRange(TreeSize(UInt64(events.count))) else {
            throw StoreError(.damaged, "a stored hash is missing")
        }
        var sequencer = Sequencer(continuing: range, after: events.last)
        return try append(
            drafts, expecting: expecting, with: &sequencer, signer: signer, clock: clock)
    }

    func recorded(_ key: EventKey) throws(StoreError) -> RecordedEvent? {
        positions[key].map { events[Int($0.value)] }
    }

    func version(of stream: StreamName) throws(StoreError) -> StreamVersion? { versions[stream] }

    func holds(_ digest: Digest) throws(StoreError) -> Bool { attachments[digest] != nil }

    func firstCheckpoint(covering position: Position) throws(StoreError) -> SignedNote {
        guard let found = checkpoints.first(where: { $0.size.covers(position) }) else {
            throw StoreError(.damaged, "no checkpoint covers position \(position)")
        }
        return found.note
    }

    mutating func insert(_ placed: PlacedEvent) throws(StoreError) {
        do throws(EventError) {
            events.append(try RecordedEvent(placed.entry))
        } catch {
            throw StoreError(.badInput, "\(error)")
        }
        positions[placed.event.key] = placed.entry.position
        if let stream = placed.event.subject { versions[stream] = placed.version }
        for subtree in placed.subtrees { subtrees[subtree.level, default: []].append(subtree.root) }
    }

    mutating func insert(_ checkpoint: SignedNote, size: TreeSize) throws(StoreError) {
        checkpoints.append((size, checkpoint))
    }

    func hashes(level: Int, numbers: Range<UInt64>) throws -> [Digest] {
        let places = Int(numbers.lowerBound)..<Int(numbers.upperBound)
        if level == 0 { return events[places].map(\.entry.hash) }
        return Array(subtrees[level, default: []][places])
    }
}
