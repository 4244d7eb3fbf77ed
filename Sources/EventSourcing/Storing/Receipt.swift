import LedgerCore

/// What an append returns. docs/spec/receipt.md.
package struct Receipt: Sendable, Equatable {
    /// How far a receipt can be relied on.
    package enum Assurance: String, Sendable {
        /// The ledger's own key has signed a tree head that covers the entry.
        case signed
    }

    package let position: Position
    package let hash: Digest
    package let previous: Digest
    package let id: EventKey.ID
    package let streamVersion: StreamVersion?
    package let recordedTime: Timestamp
    package let isDuplicate: Bool
    package let checkpoint: SignedNote
    package let assurance: Assurance

    package init(
        _ recorded: RecordedEvent, isDuplicate: Bool, checkpoint: SignedNote
    ) throws(EventError) {
        guard let time = recorded.event.recordedTime else {
            throw EventError("the entry has no recordedtime")
        }
        self.init(
            entry: recorded.entry, event: recorded.event, time: time,
            version: recorded.event.streamVersion, isDuplicate: isDuplicate, checkpoint: checkpoint)
    }

    package init(
        entry: Entry, event: CloudEvent, time: Timestamp, version: StreamVersion?,
        isDuplicate: Bool, checkpoint: SignedNote
    ) {
        position = entry.position
        hash = entry.hash
        previous = entry.previous
        id = event.key.id
        streamVersion = version
        recordedTime = time
        self.isDuplicate = isDuplicate
        self.checkpoint = checkpoint
        assurance = .signed
    }

    package var json: JSONValue {
        [
            "position": .number(Double(position.value)), "hash": .string(hash.hex),
            "previous": .string(previous.hex), "id": .string(id.text),
            "streamversion": streamVersion.map { .number(Double($0.value)) } ?? .null,
            "recordedtime": .string(recordedTime.description), "duplicate": .bool(isDuplicate),
            "checkpoint": .string(checkpoint.description), "assurance": .string(assurance.rawValue),
        ]
    }
}
