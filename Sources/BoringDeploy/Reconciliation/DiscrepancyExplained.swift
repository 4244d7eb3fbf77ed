import EventSourcing
import LedgerCore

/// `dev.daybook.discrepancy.explained`: somebody answers for something that the log and the world
/// outside do not both have, with their signature.
package struct DiscrepancyExplained: EventPayload, Equatable {
    package var item: String
    /// Their name in `people`.
    package var person: String
    package var reason: String
    /// Of the entry of the reconciliation that found it.
    package var found: Digest
    /// Armoured SSH signature over the `SignedStatement`.
    package var signature: String

    package static let definition = EventDefinition(
        name: "dev.daybook.discrepancy.explained",
        summary:
            "Somebody answers for something that the log and the world outside do not both have.")

    package init(item: String, person: String, reason: String, found: Digest, signature: String) {
        self.item = item
        self.person = person
        self.reason = reason
        self.found = found
        self.signature = signature
    }

    package init(data: JSONValue) throws(EventError) {
        let data = try PayloadReader(data)
        item = try data.text("item")
        person = try data.text("person")
        reason = try data.text("reason")
        found = try data.digest("found")
        signature = try data.text("signature")
    }

    package var data: JSONValue {
        [
            "item": .string(item), "person": .string(person), "reason": .string(reason),
            "found": .string(found.hex), "signature": .string(signature),
        ]
    }

    /// What is signed.
    package static func statement(
        item: String, person: String, reason: String, found: Digest
    ) -> SignedStatement {
        var details = JSONObject()
        details["item"] = .string(item)
        details["reason"] = .string(reason)
        return SignedStatement(
            .explain, release: ReconciliationLog.stream.text, cut: found, person: person,
            details: details)
    }

    /// Why it does not count; nil if it does.
    package func fault(in people: [Person]) -> String? {
        Self.statement(item: item, person: person, reason: reason, found: found)
            .fault(of: signature, in: people)
    }
}

/// Where reconciliations and explanations are recorded.
package enum ReconciliationLog {
    package static let stream = StreamName("reconciliation")
}
