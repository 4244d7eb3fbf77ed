import LedgerCore

/// Gives events their place in the log: pure, clock readings come in as values.
package struct Sequencer: ~Copyable {
    private var range: CompactRange
    private var lastHash: Digest
    private var lastTime: Timestamp?
    private var entryHasher = EntryHasher()
    private var treeHasher = TreeHasher()

    /// - Parameters:
    ///   - range: The compact range of the log so far.
    ///   - last: Its last entry; nil for an empty log.
    package init(continuing range: CompactRange, after last: RecordedEvent?) {
        self.range = range
        lastHash = last?.entry.hash ?? .zero
        lastTime = last?.event.recordedTime
    }

    /// - Parameters:
    ///   - version: The next version of the event's stream; nil without a subject.
    ///   - now: The clock. A clock that was set back does not set `recordedtime` back.
    package mutating func place(
        _ event: CloudEvent, version: StreamVersion?, now: Timestamp
    ) throws(StoreError) -> PlacedEvent {
        let time = max(now, lastTime ?? now)
        let bytes = event.recorded(at: time, version: version)
        guard bytes.count <= Entry.largestEvent else {
            throw StoreError(
                .badInput,
                "the event has \(bytes.count) bytes in canonical form, of at most "
                    + "\(Entry.largestEvent); attach what is large and name its digest")
        }
        let position = Position(range.size.value)
        let entry = Entry(
            position: position, previous: lastHash,
            hash: entryHasher.hash(previous: lastHash, eventBytes: bytes), eventBytes: bytes)
        var subtrees: [PlacedEvent.Subtree] = []
        range.append(entry.hash, with: &treeHasher) { height, root in
            guard height.isMultiple(of: 8) else { return }
            subtrees.append(
                PlacedEvent.Subtree(
                    level: height / 8, number: position.value >> UInt64(height), root: root))
        }
        lastHash = entry.hash
        lastTime = time
        return PlacedEvent(
            entry: entry, event: event, time: time, version: version, subtrees: subtrees)
    }

    package var size: TreeSize { range.size }

    package mutating func root() -> Digest { range.root(with: &treeHasher) }
}

/// An event with the entry that it became.
package struct PlacedEvent: Sendable {
    /// A full subtree of 256^level leaves that the entry completes.
    package struct Subtree: Sendable {
        package let level: Int
        package let number: UInt64
        package let root: Digest
    }

    package let entry: Entry
    /// As it was drafted: without the attributes that the ledger gives.
    package let event: CloudEvent
    package let time: Timestamp
    package let version: StreamVersion?
    package let subtrees: [Subtree]
}
