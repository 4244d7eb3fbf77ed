import LedgerCore

/// The index of the log (docs/spec/index.md): for each key how many entries have it, and the hash
/// over all of them.
package struct IndexProjection: Projection {
    package let name = "index"
    package let version = 1

    package init() {}

    package func keys(of event: RecordedEvent) -> [DocumentKey] {
        event.event.indexKeys.map { DocumentKey($0.text) }
    }

    package func evolve(
        _ document: JSONValue?, at key: DocumentKey, with event: RecordedEvent
    ) -> JSONValue? {
        var tally = document.flatMap { KeyTally($0) } ?? .none
        var hasher = IndexHasher()
        tally.add(event.entry.hash, with: &hasher)
        return tally.json
    }
}

extension CloudEvent {
    /// The keys that an entry with this event has in the index.
    package var indexKeys: [IndexKey] {
        [.type(type.text)] + (subject.map { [.subject($0.text)] } ?? [])
    }
}

extension KeyTally {
    init?(_ document: JSONValue) {
        guard let object = document.object,
            let count = object["count"]?.integer.flatMap({ UInt64(exactly: $0) }),
            let accumulator = object["acc"]?.string.flatMap({ Digest(hex: $0) })
        else { return nil }
        self.init(count: count, accumulator: accumulator)
    }

    var json: JSONValue {
        ["acc": .string(accumulator.hex), "count": .number(Double(count))]
    }
}
