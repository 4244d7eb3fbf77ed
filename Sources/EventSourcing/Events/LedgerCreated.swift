import LedgerCore

/// `dev.daybook.ledger.created`: the entry at position 0, which says whose log this is and who
/// signs it.
package struct LedgerCreated: EventPayload, Equatable {
    package let origin: KeyName
    package let key: VerifierKey

    /// The version of the entry format, frozen.
    package static let format: JSONValue = 1
    package static let stream = StreamName("ledger")

    package static let definition = EventDefinition(
        name: "dev.daybook.ledger.created",
        summary: "A ledger begins: its origin, its verifier key, its format version.")

    package init(key: VerifierKey) {
        origin = key.name
        self.key = key
    }

    package init(data: JSONValue) throws(EventError) {
        guard let object = data.object, object.members.count == 3, object["format"] == Self.format,
            let origin = object["origin"]?.string, let text = object["key"]?.string
        else { throw EventError("ledger.created needs format 1, an origin and a key") }
        do throws(NoteError) {
            key = try VerifierKey(parsing: text)
        } catch {
            throw EventError("ledger.created: \(error)")
        }
        guard key.name.text.isSameText(as: origin) else {
            throw EventError("ledger.created: the key is not named by the origin")
        }
        self.origin = key.name
    }

    package var data: JSONValue {
        ["format": Self.format, "key": .string(key.description), "origin": .string(origin.text)]
    }

    /// The event that opens a ledger.
    package func draft(at time: Timestamp) throws(EventError) -> EventDraft {
        let event = try CloudEvent([
            "specversion": "1.0", "id": "created", "source": .string(origin.text),
            "type": .string(Self.definition.type.text), "subject": .string(Self.stream.text),
            "time": .string(time.description), "data": data,
        ])
        return EventDraft(trusted: event)
    }

    /// Reads the event at position 0: its type, subject and data, whatever else it says.
    package init(eventBytes: [UInt8]) throws(EventError) {
        guard eventBytes.count <= Entry.largestEvent,
            let event = try? StrictJSONParser.parse(eventBytes, integers: .asStored).object
        else { throw EventError("the first entry holds no event") }
        guard event["type"] == .string(Self.definition.type.text),
            event["subject"] == .string(Self.stream.text)
        else { throw EventError("the first entry is not \(Self.definition.type)") }
        try self.init(data: event["data"] ?? .null)
    }
}
