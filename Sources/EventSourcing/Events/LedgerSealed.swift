import LedgerCore

/// `dev.daybook.ledger.sealed`: commits the index of the first entries (docs/spec/index.md), which
/// shows that all entries of a key are there, or that there is none.
package struct LedgerSealed: EventPayload, Equatable {
    /// How many entries the index covers.
    package let size: TreeSize
    package let index: IndexRoot

    package static let definition = EventDefinition(
        name: "dev.daybook.ledger.sealed",
        summary: "The index of the log up to a size is committed.")

    package init(size: TreeSize, index: IndexRoot) {
        self.size = size
        self.index = index
    }

    package init(data: JSONValue) throws(EventError) {
        guard let object = data.object, object.members.count == 3,
            let size = object["size"]?.integer.flatMap({ UInt64(exactly: $0) }), size > 0,
            let keys = object["keys"]?.integer.flatMap({ UInt64(exactly: $0) }), keys > 0,
            let root = object["root"]?.string.flatMap({ Digest(hex: $0) })
        else { throw EventError("ledger.sealed needs exactly size, keys and root") }
        self.size = TreeSize(size)
        index = IndexRoot(keys: TreeSize(keys), root: root)
    }

    package var data: JSONValue {
        [
            "keys": .number(Double(index.keys.value)), "root": .string(index.root.hex),
            "size": .number(Double(size.value)),
        ]
    }

    /// The event. Its id holds the hash of the entry before, which nobody knows in time to take the id.
    package func draft(
        origin: KeyName, after last: Digest, at time: Timestamp
    ) throws(EventError) -> EventDraft {
        let event = try CloudEvent([
            "specversion": "1.0", "id": .string("sealed-\(last.hex)"),
            "source": .string(origin.text), "type": .string(Self.definition.type.text),
            "subject": .string(LedgerCreated.stream.text), "time": .string(time.description),
            "data": data,
        ])
        return EventDraft(trusted: event, defaulted: ["time"])
    }
}

/// A seal and where it stands.
package struct RecordedSeal: Sendable, Equatable {
    package let position: Position
    package let hash: Digest
    package let recordedTime: Timestamp
    package let sealed: LedgerSealed

    /// Reads the seal of an entry; throws if it is none, or covers what comes after itself.
    package init(_ entry: Entry) throws(EventError) {
        let recorded = try RecordedEvent(entry)
        guard recorded.event.type == LedgerSealed.definition.type,
            recorded.event.subject == LedgerCreated.stream, let time = recorded.event.recordedTime
        else { throw EventError("position \(entry.position) is no seal") }
        sealed = try LedgerSealed(data: recorded.event.data ?? .null)
        guard sealed.size.value <= entry.position.value else {
            throw EventError("the seal at position \(entry.position) covers what comes after it")
        }
        position = entry.position
        hash = entry.hash
        recordedTime = time
    }
}
