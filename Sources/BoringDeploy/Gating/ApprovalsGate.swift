import EventSourcing

/// Enough independent people with the right roles have approved this very cut.
package struct ApprovalsGate: Gate {
    package static let name = "approvals"

    package init() {}

    package func evaluate(_ question: GateQuestion) -> Verdict {
        guard let base = question.configuration.gates.approvals else { return .pass }
        let rule = question.environment.flatMap { base.environments[$0] } ?? base
        return Self.verdict(by: rule, for: Self.name, question)
    }

    /// Whether enough have approved by a rule, in the name of a gate.
    static func verdict(
        by rule: ApprovalRule, for gate: String, _ question: GateQuestion
    ) -> Verdict {
        guard let cut = question.history.cut else { return .pass }
        var counted: [String] = []
        var faults: [String] = []
        for approval in standing(question.history) {
            if let fault = fault(of: approval, cut, rule, question) {
                faults.append("\(approval.person)'s approval does not count: \(fault)")
            } else {
                counted.append(approval.person)
            }
        }
        guard counted.count < rule.required else { return .pass }
        let roles = rule.roles.isEmpty ? "" : " by \(rule.roles.joined(separator: " or "))"
        let reasons =
            ["\(counted.count) of \(rule.required) approvals\(roles)"] + faults
        return .refuse([
            GateReason(
                gate, reasons.joined(separator: "; "),
                remedy: "daybook release approve \(question.release) --as NAME --key PATH")
        ])
    }

    /// The newest word of each person about any cut; a revoked approval stands no more.
    private static func standing(_ history: StreamHistory) -> [ApprovalGranted] {
        var newest: [(String, ApprovalGranted?)] = []
        for fact in history.facts {
            let granted = fact.isOf(ApprovalGranted.self)
            if granted, let approval = try? ApprovalGranted(data: fact.data) {
                newest.removeAll { $0.0 == approval.person }
                newest.append((approval.person, approval))
            } else if fact.isOf(ApprovalRevoked.self),
                let revoked = try? ApprovalRevoked(data: fact.data)
            {
                newest.removeAll { $0.0 == revoked.person }
            }
        }
        return newest.compactMap(\.1)
    }

    private static func fault(
        of approval: ApprovalGranted, _ cut: (fact: StreamHistory.Fact, payload: ReleaseCut),
        _ rule: ApprovalRule, _ question: GateQuestion
    ) -> String? {
        guard approval.cut == cut.fact.hash else { return "it is of an earlier cut" }
        guard let person = question.configuration.person(approval.person) else {
            return "they are not among people"
        }
        guard rule.roles.isEmpty || person.roles.contains(where: rule.roles.contains) else {
            return "they have none of the roles \(rule.roles.joined(separator: ", "))"
        }
        if let fault = Independence(question.configuration.people).fault(
            of: person, in: cut.payload)
        {
            return fault
        }
        guard let signature = approval.signature else {
            return rule.allowUnsigned ? nil : "it is not signed"
        }
        let statement = SignedStatement(
            .approve, release: question.release, cut: cut.fact.hash, person: person.name)
        return statement.fault(of: signature, in: question.configuration.people)
    }
}
