import LedgerCore

/// What an entry's event says that other entries and the indexes must agree with.
package struct EventFacts: Sendable {
    package let key: EventKey
    package let type: EventType
    package let subject: StreamName?
    package let version: StreamVersion?
    package let time: Timestamp
    package let attachments: [Digest]
}

/// Checks the event of one entry by itself: canonical bytes, CloudEvents, the ledger's own attributes.
package enum EventCheck {
    package enum Outcome: Sendable {
        case good(EventFacts)
        case bad(Finding.Kind, String)
    }

    package static func check(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        let buffer = bytes.bindMemory(to: UInt8.self)
        let value: JSONValue
        do throws(JSONError) {
            value = try StrictJSONParser.parse(buffer, integers: .asStored)
        } catch {
            return .bad(.canonical, "not JSON: \(error)")
        }
        guard CanonicalJSONWriter.bytes(of: value).elementsEqual(buffer) else {
            return .bad(.canonical, "the event is not in canonical form")
        }
        return check(value, byteCount: bytes.count)
    }

    private static func check(_ value: JSONValue, byteCount: Int) -> Outcome {
        guard byteCount <= Entry.largestEvent else {
            return .bad(.event, "the event has \(byteCount) bytes, more than \(Entry.largestEvent)")
        }
        let event: CloudEvent
        do throws(EventError) {
            event = try CloudEvent(value)
        } catch {
            return .bad(.event, error.description)
        }
        guard event.object == value.object else {
            return .bad(.event, "an attribute is null")
        }
        guard let time = event.recordedTime else {
            return .bad(.event, "recordedtime is missing or malformed")
        }
        if event.subject == nil, event.object[LedgerAttribute.streamVersion] != nil {
            return .bad(.event, "streamversion without a subject")
        }
        if event.subject != nil {
            guard let version = event.streamVersion, version >= .first else {
                return .bad(.event, "streamversion is missing or not a positive integer")
            }
        }
        return .good(
            EventFacts(
                key: event.key, type: event.type, subject: event.subject,
                version: event.streamVersion, time: time, attachments: event.attachments))
    }
}
