// CloudEvents 1.0 in its JSON form: https://github.com/cloudevents/spec (spec.md, json-format.md).
// docs/spec/entry.md says which rules a ledger enforces.

import LedgerCore

/// What happened: a CloudEvents object that keeps the rules of `CloudEventRules`.
package struct CloudEvent: Sendable, Equatable {
    package let object: JSONObject
    package let key: EventKey
    package let type: EventType
    package let subject: StreamName?

    /// Attributes that are null are left out, as the JSON format asks; a null `data` stays.
    package init(_ value: JSONValue) throws(EventError) {
        guard case .object(var object) = value else {
            throw EventError("an event is a JSON object, not another JSON value")
        }
        for member in object.members where member.value == .null && member.name != "data" {
            object[member.name] = nil
        }
        try CloudEventRules.check(object)
        guard let id = object["id"]?.string, let source = object["source"]?.string,
            let type = object["type"]?.string
        else { throw EventError("an event needs id, source and type") }
        self.object = object
        self.key = EventKey(source: EventKey.Source(source), id: EventKey.ID(id))
        self.type = EventType(type)
        self.subject = object["subject"]?.string.map { StreamName($0) }
    }

    package var data: JSONValue? { object["data"] }

    /// When the ledger recorded it; nil before it did.
    package var recordedTime: Timestamp? {
        object[LedgerAttribute.recordedTime]?.string.flatMap { Timestamp(recorded: $0) }
    }

    /// Its version in its stream; nil without a subject, or before it is recorded.
    package var streamVersion: StreamVersion? {
        object[LedgerAttribute.streamVersion]?.integer.map { StreamVersion($0) }
    }

    /// The digests of the attachments that `data.attachments` names.
    package var attachments: [Digest] {
        guard let list = data?.object?["attachments"]?.array else { return [] }
        return list.compactMap { element in
            guard let reference = element.object, reference["name"]?.string != nil,
                let digest = reference["digest"]?.string
            else { return nil }
            return Digest(reference: digest)
        }
    }

    /// The canonical bytes of the recorded event.
    func recorded(at time: Timestamp, version: StreamVersion?) -> [UInt8] {
        var object = object
        object[LedgerAttribute.recordedTime] = .string(time.description)
        object[LedgerAttribute.streamVersion] = version.map { .number(Double($0.value)) }
        return CanonicalJSONWriter.bytes(of: .object(object))
    }
}

/// The two attributes that the ledger gives every event itself.
package enum LedgerAttribute {
    package static let recordedTime = "recordedtime"
    package static let streamVersion = "streamversion"
}

extension Digest {
    /// `sha256:` and 64 lower-case hexadecimal digits: how events name attachments.
    package var reference: String { "sha256:\(hex)" }

    package init?(reference: String) {
        let prefix = "sha256:".utf8
        guard reference.utf8.starts(with: prefix) else { return nil }
        let hex = Substring(reference.utf8.dropFirst(prefix.count))
        guard let digest = Digest(hex: String(hex)) else { return nil }
        self = digest
    }
}

/// Why a JSON value is not an event that a ledger takes.
package struct EventError: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
