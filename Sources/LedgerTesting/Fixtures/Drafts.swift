import EventSourcing
import LedgerCore

/// Events for tests.
package enum Drafts {
    package static let source = "https://ci.example.com/shop"

    /// The attributes of a small event.
    package static func object(
        _ id: String, subject: String? = nil, type: String = "com.example.done",
        source: String = Drafts.source, data: JSONValue? = nil
    ) -> JSONObject {
        var object = JSONObject()
        object["specversion"] = "1.0"
        object["id"] = .string(id)
        object["source"] = .string(source)
        object["type"] = .string(type)
        object["subject"] = subject.map { .string($0) }
        object["data"] = data
        return object
    }

    package static func draft(
        _ id: String, subject: String? = nil, type: String = "com.example.done",
        source: String = Drafts.source, data: JSONValue? = nil
    ) throws -> EventDraft {
        try draft(object(id, subject: subject, type: type, source: source, data: data))
    }

    package static func draft(
        _ object: JSONObject, defaulted: Set<String> = []
    ) throws -> EventDraft {
        try EventDraft(CloudEvent(.object(object)), defaulted: defaulted)
    }

    /// Events without a subject, with the ids of the numbers.
    package static func drafts(_ numbers: Range<Int>) throws -> [EventDraft] {
        try numbers.map { try draft("e\($0)") }
    }

    /// Data that names attachments as docs/spec/entry.md has it.
    package static func naming(_ attachments: [Attachment]) -> JSONValue {
        [
            "attachments": .array(
                attachments.map { ["name": "report", "digest": .string($0.digest.reference)] })
        ]
    }
}
