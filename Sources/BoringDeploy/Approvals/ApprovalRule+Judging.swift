import EventSourcing
import LedgerCore

/// What a rule makes of an approval: asked by the gate before a step, and again by the evidence.
extension ApprovalRule {
    /// What holds before an environment.
    package func before(_ environment: String?) -> ApprovalRule {
        environment.flatMap { environments[$0] } ?? self
    }

    /// Why an approval does not count for a cut; nil if it does.
    package func fault(
        of approval: ApprovalGranted,
        for cut: (fact: StreamHistory.Fact, payload: ReleaseCut), of release: String,
        among people: [Person]
    ) -> String? {
        guard approval.cut == cut.fact.hash else { return "it is of an earlier cut" }
        guard let person = people.first(where: { $0.name == approval.person }) else {
            return "they are not among people"
        }
        if let fault = fault(of: person) { return fault }
        if let fault = Independence(people).fault(of: person, in: cut.payload) { return fault }
        guard let signature = approval.signature else {
            return allowUnsigned ? nil : "it is not signed"
        }
        let statement = SignedStatement(
            .approve, release: release, cut: cut.fact.hash, person: person.name)
        return statement.fault(of: signature, in: people)
    }

    /// Why whatever somebody approves does not count; nil if it may.
    package func fault(of person: Person) -> String? {
        guard roles.isEmpty || person.roles.contains(where: roles.contains) else {
            return "they have none of the roles \(roles.joined(separator: ", "))"
        }
        return nil
    }

    /// As ` by release-manager or dba`; nothing where anybody may.
    var shownRoles: String { roles.isEmpty ? "" : " by \(roles.joined(separator: " or "))" }

    // MARK: As a gate's evaluation keeps it

    package var json: JSONValue {
        [
            "required": .integer(required), "roles": .texts(roles),
            "allowunsigned": .bool(allowUnsigned),
        ]
    }

    package init(_ data: PayloadReader) throws(EventError) {
        self.init(
            required: try data.integer("required"), roles: try data.texts("roles"),
            allowUnsigned: try data.bool("allowunsigned"))
    }
}

extension GateRules {
    /// For which gates whatever somebody approves does not count, and why: what they should hear when
    /// they approve.
    package func faults(of person: Person) -> [String] {
        guard let approvals else { return [] }
        let places = approvals.environments.sorted { $0.key < $1.key }.map { name, rule in
            (" before \(name)", rule)
        }
        let found = ([("", approvals)] + places).compactMap { place, rule in
            rule.fault(of: person).map { (place: place, fault: $0) }
        }
        guard !found.isEmpty else { return [] }
        let isDatabase = person.roles.contains(migrations.role)
        let kept = isDatabase ? "; for the gate migrations it can" : ""
        return found.map {
            "\(person.name)'s approval cannot count for the gate approvals\($0.place): \($0.fault)\(kept)"
        }
    }
}
