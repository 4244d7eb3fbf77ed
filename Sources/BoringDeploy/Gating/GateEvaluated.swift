import EventSourcing
import LedgerCore

extension GateEvaluated {
    /// Asks some gates and says all that they answer, and by what.
    ///
    /// - Parameter file: The configuration file that was asked.
    package init(
        _ key: StepKey, environment: String?, gates: [String], _ question: GateQuestion,
        file: AttachmentName? = nil
    ) {
        let answers = Gates.answers(gates, question)
        let verdict = Verdict.all(answers.map(\.verdict))
        let passes = answers.filter { $0.verdict == .pass }
        var details = JSONObject()
        details["gates"] = .texts(gates)
        details["reasons"] = .array(verdict.reasons.map(\.json))
        details["overridden"] = .texts(answers.filter { $0.override != nil }.map(\.gate))
        details["passes"] = .array(
            passes.map { ["gate": .string($0.gate), "reason": .string($0.ground)] })
        if gates.contains(ApprovalsGate.name), let rule = ApprovalsGate.rule(of: question) {
            details["rules"] = [ApprovalsGate.name: rule.json]
        }
        let outcome: Outcome =
            switch verdict {
            case .pass: .passed
            case .refuse: .refused
            case .inconclusive: .inconclusive
            }
        let reason =
            verdict.reasons.isEmpty
            ? Self.passed(passes.map { ($0.gate, $0.ground, $0.override != nil) })
            : verdict.reasons.map { "\($0.gate): \($0.reason)" }.joined(separator: "; ")
        self.init(
            key, environment: environment, outcome, reason, details: details,
            attachments: [file].compactMap(\.self))
    }

    /// In words, what was set aside first.
    static func passed(
        _ gates: [(gate: String, ground: String, isSetAside: Bool)]
    ) -> String {
        let aside = gates.filter(\.isSetAside).map { "\($0.gate) \($0.ground)" }
        let others = gates.filter { !$0.isSetAside }.map { "\($0.gate): \($0.ground)" }
        let first = aside.isEmpty ? [] : ["passed with \(aside.joined(separator: " and "))"]
        return (first + others).joined(separator: "; ")
    }

    /// The gates that were asked.
    package var gates: [String] { texts("gates") }

    /// The gates that were set aside.
    package var overridden: [String] { texts("overridden") }

    /// What each gate has passed for; an older Daybook has not written it down.
    package var passes: [(gate: String, ground: String)] {
        (details["passes"]?.array ?? []).compactMap { pass in
            guard let gate = pass.object?["gate"]?.string,
                let reason = pass.object?["reason"]?.string
            else { return nil }
            return (gate, reason)
        }
    }

    /// What the gate has asked of approvals; nil where none was asked for, or an older Daybook has
    /// not written it down.
    package var approvalRule: ApprovalRule? {
        guard let rules = details["rules"], let reader = try? PayloadReader(rules),
            reader.has(ApprovalsGate.name)
        else { return nil }
        return try? ApprovalRule(reader.object(ApprovalsGate.name))
    }

    /// The configuration file that was asked.
    package var configuration: AttachmentName? { attachments.first { $0.name == "daybook.yaml" } }

    private func texts(_ name: String) -> [String] {
        (details[name]?.array ?? []).compactMap(\.string)
    }
}
