import EventSourcing

/// Enough independent people with the right roles have approved this very cut.
package struct ApprovalsGate: Gate {
    package static let name = "approvals"

    package init() {}

    package func evaluate(_ question: GateQuestion) -> Verdict {
        guard let rule = Self.rule(of: question) else { return .pass }
        return Self.verdict(by: rule, for: Self.name, question)
    }

    package func ground(_ question: GateQuestion) -> String {
        guard let rule = Self.rule(of: question) else { return "none is required" }
        let counted = Self.tally(by: rule, question).counted
        return "\(counted.count) of \(rule.required)\(rule.shownRoles): "
            + counted.joined(separator: ", ")
    }

    /// What is asked for before the question's environment; nil where nothing is.
    static func rule(of question: GateQuestion) -> ApprovalRule? {
        question.configuration.gates.approvals?.before(question.environment)
    }

    /// Whether enough have approved by a rule, in the name of a gate.
    static func verdict(
        by rule: ApprovalRule, for gate: String, _ question: GateQuestion
    ) -> Verdict {
        let (counted, faults) = tally(by: rule, question)
        guard question.history.cut != nil, counted.count < rule.required else { return .pass }
        let reasons =
            ["\(counted.count) of \(rule.required) approvals\(rule.shownRoles)"] + faults
        return .refuse([
            GateReason(
                gate, reasons.joined(separator: "; "),
                remedy: "daybook release approve \(question.release) --as NAME --key PATH")
        ])
    }

    /// Who has approved so that it counts, each once, and why others' approvals do not.
    static func tally(
        by rule: ApprovalRule, _ question: GateQuestion
    ) -> (counted: [String], faults: [String]) {
        guard let cut = question.history.cut else { return ([], []) }
        var counted: [String] = []
        var faults: [String] = []
        for (person, approvals) in standing(question.history) {
            let found = approvals.map {
                rule.fault(
                    of: $0, for: cut, of: question.release, among: question.configuration.people)
            }
            if found.contains(nil) {
                counted.append(person)
            } else if let fault = found.last ?? nil {
                faults.append("\(person)'s approval does not count: \(fault)")
            }
        }
        return (counted, faults)
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
}
