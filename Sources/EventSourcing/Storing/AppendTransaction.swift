import LedgerCore

/// The few reads and writes of which a store makes an append. They see what the same transaction
/// has written before; if any throws, the store undoes them all.
package protocol AppendTransaction: ~Copyable {
    mutating func recorded(_ key: EventKey) throws(StoreError) -> RecordedEvent?
    mutating func version(of stream: StreamName) throws(StoreError) -> StreamVersion?
    mutating func holds(_ digest: Digest) throws(StoreError) -> Bool
    mutating func firstCheckpoint(covering position: Position) throws(StoreError) -> SignedNote
    mutating func insert(_ placed: PlacedEvent) throws(StoreError)
    mutating func insert(_ checkpoint: SignedNote, size: TreeSize) throws(StoreError)
}

extension AppendTransaction where Self: ~Copyable {
    /// Appends drafts and signs the new tree head: the one algorithm of every store.
    package mutating func append(
        _ drafts: [EventDraft], expecting: ExpectedVersion, with sequencer: inout Sequencer,
        signer: LedgerSigner, clock: () -> Timestamp
    ) throws(StoreError) -> [Receipt] {
        if expecting != .any, Set(drafts.map(\.event.subject)).count > 1 {
            throw StoreError(.badInput, "an expected version needs events of one subject")
        }
        let oldSize = sequencer.size
        var outcomes: [Outcome] = []
        outcomes.reserveCapacity(drafts.count)
        var isFirst = true
        for (index, draft) in drafts.enumerated() {
            do throws(StoreError) {
                if let recorded = try recorded(draft.event.key) {
                    try Self.checkSame(draft, recorded)
                    outcomes.append(.duplicate(recorded))
                    continue
                }
                try checkAttachments(draft.event)
                let version =
                    try draft.event.subject.map { stream throws(StoreError) in
                        try self.version(of: stream)
                    } ?? nil
                if isFirst {
                    try expecting.check(draft.event.subject, isAt: version, in: oldSize)
                }
                isFirst = false
                let next = draft.event.subject.map { _ in version?.next ?? .first }
                let placed = try sequencer.place(draft.event, version: next, now: clock())
                try insert(placed)
                outcomes.append(.placed(placed))
            } catch {
                throw StoreError(error.code, error.description, draft: error.draft ?? index)
            }
        }
        var note: SignedNote?
        if sequencer.size != oldSize {
            let signed = try signer.sign(size: sequencer.size, root: sequencer.root())
            try insert(signed, size: sequencer.size)
            note = signed
        }
        return try outcomes.map { outcome throws(StoreError) in
            try receipt(outcome, oldSize: oldSize, newest: note)
        }
    }

    private static func checkSame(
        _ draft: EventDraft, _ recorded: RecordedEvent
    ) throws(StoreError) {
        guard draft.isSame(as: recorded.event) else {
            throw StoreError(
                .conflict,
                "id \"\(draft.event.key.id)\" of source \(draft.event.key.source) is at position "
                    + "\(recorded.position) with other content; give the new event another id")
        }
    }

    private mutating func checkAttachments(_ event: CloudEvent) throws(StoreError) {
        for digest in event.attachments {
            guard try holds(digest) else {
                throw StoreError(
                    .badInput,
                    "the event names attachment \(digest.reference), which the ledger does not "
                        + "hold; attach it first")
            }
        }
    }

    private mutating func receipt(
        _ outcome: Outcome, oldSize: TreeSize, newest: SignedNote?
    ) throws(StoreError) -> Receipt {
        switch outcome {
        case .placed(let placed):
            guard let newest else { throw StoreError(.damaged, "an append without a checkpoint") }
            return Receipt(
                entry: placed.entry, event: placed.event, time: placed.time,
                version: placed.version, isDuplicate: false, checkpoint: newest)
        case .duplicate(let recorded):
            let note: SignedNote
            if let newest, !oldSize.covers(recorded.position) {
                note = newest
            } else {
                note = try firstCheckpoint(covering: recorded.position)
            }
            do throws(EventError) {
                return try Receipt(recorded, isDuplicate: true, checkpoint: note)
            } catch {
                throw StoreError(.damaged, "position \(recorded.position): \(error)")
            }
        }
    }
}

private enum Outcome {
    case placed(PlacedEvent)
    case duplicate(RecordedEvent)
}

/// The key with which a ledger signs its tree heads.
package struct LedgerSigner: Sendable {
    package let origin: KeyName
    package let key: SigningKey

    package init(origin: KeyName, key: SigningKey) {
        self.origin = origin
        self.key = key
    }

    package var verifierKey: VerifierKey { VerifierKey(name: origin, publicKey: key.publicKey) }

    package func sign(size: TreeSize, root: Digest) throws(StoreError) -> SignedNote {
        do throws(CryptoError) {
            return try Checkpoint(origin: origin, size: size, root: root).signed(by: key)
        } catch {
            throw StoreError(.notAllowed, "signing failed: \(error)")
        }
    }
}
