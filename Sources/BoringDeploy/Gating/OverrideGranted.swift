import EventSourcing
import LedgerCore

/// `dev.daybook.override.granted`: one gate is set aside for one cut, by a signed reason, until a
/// stated time. It shows in status, notes and bundles.
package struct OverrideGranted: EventPayload, Equatable {
    package var gate: String
    package var person: String
    package var cut: Digest
    package var reason: String
    package var expires: Timestamp
    package var signature: String

    package static let definition = EventDefinition(
        name: "dev.daybook.override.granted",
        summary: "A gate is set aside for one cut, with a signed reason, until a stated time.")

    package init(
        gate: String, person: String, cut: Digest, reason: String, expires: Timestamp,
        signature: String
    ) {
        self.gate = gate
        self.person = person
        self.cut = cut
        self.reason = reason
        self.expires = expires
        self.signature = signature
    }

    package init(data: JSONValue) throws(EventError) {
        let data = try PayloadReader(data)
        gate = try data.text("gate")
        person = try data.text("person")
        cut = try data.digest("cut")
        reason = try data.text("reason")
        expires = try data.time("expires")
        signature = try data.text("signature")
    }

    package var data: JSONValue {
        [
            "gate": .string(gate), "person": .string(person), "cut": .string(cut.hex),
            "reason": .string(reason), "expires": .string(expires.description),
            "signature": .string(signature),
        ]
    }

    /// What is signed.
    package static func statement(
        gate: String, person: String, release: String, cut: Digest, reason: String,
        expires: Timestamp
    ) -> SignedStatement {
        var details = JSONObject()
        details["expires"] = .string(expires.description)
        details["gate"] = .string(gate)
        details["reason"] = .string(reason)
        return SignedStatement(
            .override, release: release, cut: cut, person: person, details: details)
    }
}

package enum Overrides {
    /// Why somebody may not set a gate of a cut aside; nil if they may: who may approve releases
    /// may, if they are independent of this one.
    package static func fault(
        of person: Person, in cut: ReleaseCut, _ configuration: Configuration
    ) -> String? {
        let roles = configuration.gates.approvals?.roles ?? []
        guard roles.isEmpty || person.roles.contains(where: roles.contains) else {
            return "\(person.name) has none of the roles \(roles.joined(separator: ", "))"
        }
        return Independence(configuration.people).fault(of: person, in: cut)
    }

    /// The override of a gate that is in force: of this cut, not expired, truly signed by somebody
    /// of `people` who is independent of the change.
    static func inForce(
        for gate: String, _ question: GateQuestion
    ) -> (fact: StreamHistory.Fact, payload: OverrideGranted)? {
        guard let cut = question.history.cut else { return nil }
        return question.history.all(OverrideGranted.self).first { _, granted in
            guard granted.gate == gate, granted.cut == cut.fact.hash,
                question.now < granted.expires,
                let person = question.configuration.person(granted.person),
                fault(of: person, in: cut.payload, question.configuration) == nil
            else { return false }
            let statement = OverrideGranted.statement(
                gate: gate, person: granted.person, release: question.release, cut: granted.cut,
                reason: granted.reason, expires: granted.expires)
            return statement.fault(of: granted.signature, in: question.configuration.people) == nil
        }
    }
}
