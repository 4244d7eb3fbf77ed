import EventSourcing
import LedgerCore

/// `dev.daybook.approval.granted`: someone has approved a cut.
package struct ApprovalGranted: EventPayload, Equatable {
    /// Their name in `people`.
    package var person: String
    /// Of the cut's entry.
    package var cut: Digest
    /// Armoured SSH signature over the `SignedStatement`; nil for an unsigned approval.
    package var signature: String?

    package static let definition = EventDefinition(
        name: "dev.daybook.approval.granted",
        summary: "Someone has approved a release as it was cut.")

    package init(person: String, cut: Digest, signature: String?) {
        self.person = person
        self.cut = cut
        self.signature = signature
    }

    package init(data: JSONValue) throws(EventError) {
        let data = try PayloadReader(data)
        person = try data.text("person")
        cut = try data.digest("cut")
        signature = try data.optionalText("signature")
    }

    package var data: JSONValue {
        [
            "person": .string(person), "cut": .string(cut.hex), "signature": .optional(signature),
            "signed": .bool(signature != nil),
        ]
    }
}

/// `dev.daybook.approval.revoked`: they have taken it back.
package struct ApprovalRevoked: EventPayload, Equatable {
    package var person: String
    package var cut: Digest
    package var reason: String

    package static let definition = EventDefinition(
        name: "dev.daybook.approval.revoked", summary: "An approval has been taken back.")

    package init(person: String, cut: Digest, reason: String) {
        self.person = person
        self.cut = cut
        self.reason = reason
    }

    package init(data: JSONValue) throws(EventError) {
        let data = try PayloadReader(data)
        person = try data.text("person")
        cut = try data.digest("cut")
        reason = try data.text("reason")
    }

    package var data: JSONValue {
        ["person": .string(person), "cut": .string(cut.hex), "reason": .string(reason)]
    }
}
