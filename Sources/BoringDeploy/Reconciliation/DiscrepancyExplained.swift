import EventSourcing
import LedgerCore

/// `dev.daybook.discrepancy.explained`: somebody answers for something that the log and the world
/// outside do not both have, with their signature.
package struct DiscrepancyExplained: EventPayload, Equatable {
    /// What was found, item and detail: another finding about the same item is not explained by it.
    package var discrepancy: Discrepancy
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

    package init(
        _ discrepancy: Discrepancy, person: String, reason: String, found: Digest, signature: String
    ) {
        self.discrepancy = discrepancy
        self.person = person
        self.reason = reason
        self.found = found
        self.signature = signature
    }

    package init(data: JSONValue) throws(EventError) {
        let data = try PayloadReader(data)
        discrepancy = try Discrepancy(data)
        person = try data.text("person")
        reason = try data.text("reason")
        found = try data.digest("found")
        signature = try data.text("signature")
    }

    package var data: JSONValue {
        [
            "item": .string(discrepancy.item), "detail": .string(discrepancy.detail),
            "person": .string(person), "reason": .string(reason), "found": .string(found.hex),
            "signature": .string(signature),
        ]
    }

    /// What is signed.
    package static func statement(
        _ discrepancy: Discrepancy, person: String, reason: String, found: Digest
    ) -> SignedStatement {
        var details = JSONObject()
        details["detail"] = .string(discrepancy.detail)
        details["item"] = .string(discrepancy.item)
        details["reason"] = .string(reason)
        return SignedStatement(
            .explain, release: ReconciliationLog.stream.text, cut: found, person: person,
            details: details)
    }

    /// Why it does not count; nil if it does.
    package func fault(in people: [Person]) -> String? {
        Self.statement(discrepancy, person: person, reason: reason, found: found)
            .fault(of: signature, in: people)
    }
}

/// Where reconciliations and explanations are recorded.
package enum ReconciliationLog {
    package static let stream = StreamName("reconciliation")
}
