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
        for (person, approvals) in standing(question.history) {
            let found = approvals.map { fault(of: $0, cut, rule, question) }
            if found.contains(nil) {
                counted.append(person)
            } else if let fault = found.last ?? nil {
                faults.append("\(person)'s approval does not count: \(fault)")
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

    /// The approvals of each person that they have not taken back. Whether they hold is another
    /// question: a forged one must not hide a true one.
    static func standing(
        _ history: StreamHistory
    ) -> [(person: String, approvals: [ApprovalGranted])] {
        var standing: [(person: String, approvals: [ApprovalGranted])] = []
        for fact in history.facts {
            if fact.isOf(ApprovalGranted.self), let approval = try? ApprovalGranted(data: fact.data)
            {
                if let index = standing.firstIndex(where: { $0.person == approval.person }) {
                    standing[index].approvals.append(approval)
                } else {
                    standing.append((approval.person, [approval]))
                }
            } else if fact.isOf(ApprovalRevoked.self),
                let revoked = try? ApprovalRevoked(data: fact.data)
            {
                standing.removeAll { $0.person == revoked.person }
            }
        }
        return standing
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
