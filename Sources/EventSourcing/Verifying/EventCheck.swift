import LedgerCore

/// What an entry's event says that other entries and the indexes must agree with. The bytes are
/// borrowed: they are only there while the check runs.
package struct EventFacts {
    package let source: UnsafeRawBufferPointer
    package let id: UnsafeRawBufferPointer
    package let type: UnsafeRawBufferPointer
    package let subject: UnsafeRawBufferPointer?
    /// 0 without a subject.
    package let version: Int64
    package let time: Timestamp
    package let attachments: [Digest]
}

/// Checks the event of one entry by itself: canonical bytes, CloudEvents, the ledger's own
/// attributes.
package enum EventCheck {
    package enum Outcome {
        case good(EventFacts)
        case bad(Finding.Kind, String)
    }

    package static func check<Result>(
        _ bytes: UnsafeRawBufferPointer, _ body: (Outcome) throws -> Result
    ) rethrows -> Result {
        if let plain = PlainEvent(bytes), let source = plain.source, let id = plain.id,
            let type = plain.type, let time = plain.time
        {
            return try body(
                .good(
                    EventFacts(
                        source: source, id: id, type: type, subject: plain.subject,
                        version: plain.version ?? 0, time: time, attachments: [])))
        }
        return try checkAny(bytes, body)
    }

    /// The long way, which knows every event.
    package static func checkAny<Result>(
        _ bytes: UnsafeRawBufferPointer, _ body: (Outcome) throws -> Result
    ) rethrows -> Result {
        let event: CloudEvent
        let time: Timestamp
        do throws(Fault) {
            event = try read(bytes.bindMemory(to: UInt8.self))
            time = try ledgerAttributes(event)
        } catch {
            return try body(.bad(error.kind, error.detail))
        }
        var (source, id) = (event.key.source.text, event.key.id.text)
        var (type, subject) = (event.type.text, event.subject?.text ?? "")
        return try source.withUTF8 { source in
            try id.withUTF8 { id in
                try type.withUTF8 { type in
                    try subject.withUTF8 { subject in
                        try body(
                            .good(
                                EventFacts(
                                    source: UnsafeRawBufferPointer(source),
                                    id: UnsafeRawBufferPointer(id),
                                    type: UnsafeRawBufferPointer(type),
                                    subject: event.subject.map { _ in
                                        UnsafeRawBufferPointer(subject)
                                    },
                                    version: event.streamVersion?.value ?? 0, time: time,
                                    attachments: event.attachments)))
                    }
                }
            }
        }
    }

    private struct Fault: Error {
        let kind: Finding.Kind
        let detail: String

        init(_ kind: Finding.Kind, _ detail: String) {
            self.kind = kind
            self.detail = detail
        }
    }

    private static func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(Fault) -> CloudEvent {
        guard bytes.count <= Entry.largestEvent else {
            throw Fault(
                .event, "the event has \(bytes.count) bytes, more than \(Entry.largestEvent)")
        }
        let value: JSONValue
        do throws(JSONError) {
            value = try StrictJSONParser.parse(bytes, integers: .asStored)
        } catch {
            throw Fault(.canonical, "not JSON: \(error)")
        }
        guard CanonicalJSONWriter.bytes(of: value).elementsEqual(bytes) else {
            throw Fault(.canonical, "the event is not in canonical form")
        }
        do throws(EventError) {
            let event = try CloudEvent(value)
            guard event.object.members.count == value.object?.members.count else {
                throw EventError("an attribute is null")
            }
            return event
        } catch {
            throw Fault(.event, error.description)
        }
    }

    /// The time of recording, once both attributes that the ledger gives are well-formed.
    private static func ledgerAttributes(_ event: CloudEvent) throws(Fault) -> Timestamp {
        guard let time = event.recordedTime else {
            throw Fault(.event, "recordedtime is missing or malformed")
        }
        guard event.subject != nil else {
            guard event.object[LedgerAttribute.streamVersion] == nil else {
                throw Fault(.event, "streamversion without a subject")
            }
            return time
        }
        guard let version = event.streamVersion, version >= .first else {
            throw Fault(.event, "streamversion is missing or not a positive integer")
        }
        return time
    }
}
