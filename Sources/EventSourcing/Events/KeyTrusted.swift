import LedgerCore

/// `dev.daybook.key.trusted`: bundles of this ledger are signed by this key as well as by the
/// ledger's own.
package struct KeyTrusted: EventPayload, Equatable {
    package let key: EvidencePublicKey

    package static let definition = EventDefinition(
        name: "dev.daybook.key.trusted", summary: "A key signs bundles of this ledger.")

    package init(_ key: EvidencePublicKey) { self.key = key }

    package init(data: JSONValue) throws(EventError) {
        guard let object = data.object, object.members.count == 3,
            let text = object["publickey"]?.string,
            let key = Base64.decode(text).flatMap({ EvidencePublicKey(der: $0) }),
            object["algorithm"] == .string(key.algorithm.rawValue),
            object["keyid"] == .string(key.id.hex)
        else {
            throw EventError(
                "key.trusted needs exactly algorithm, keyid and publickey, which agree")
        }
        self.key = key
    }

    package var data: JSONValue {
        [
            "algorithm": .string(key.algorithm.rawValue), "keyid": .string(key.id.hex),
            "publickey": .string(Base64.encode(key.der)),
        ]
    }

    /// The event. Its id holds the hash of the entry before, which nobody knows in time to take the id.
    package func draft(
        origin: KeyName, after last: Digest, at time: Timestamp
    ) throws(EventError) -> EventDraft {
        let event = try CloudEvent([
            "specversion": "1.0", "id": .string("trusted-\(key.id.hex)-\(last.hex)"),
            "source": .string(origin.text), "type": .string(Self.definition.type.text),
            "subject": .string(LedgerCreated.stream.text), "time": .string(time.description),
            "data": data,
        ])
        return EventDraft(trusted: event, defaulted: ["time"])
    }
}
