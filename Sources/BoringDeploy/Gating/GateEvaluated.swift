import LedgerCore

extension GateEvaluated {
    /// Asks some gates and says all that they answer.
    package init(_ key: StepKey, environment: String?, gates: [String], _ question: GateQuestion) {
        let (verdict, overridden) = Gates.evaluate(gates, question)
        var details = JSONObject()
        details["gates"] = .texts(gates)
        details["reasons"] = .array(verdict.reasons.map(\.json))
        details["overridden"] = .texts(overridden)
        let reason =
            verdict.reasons.isEmpty
            ? "all gates pass"
            : verdict.reasons.map { "\($0.gate): \($0.reason)" }.joined(separator: "; ")
        let outcome: Outcome =
            switch verdict {
            case .pass: .passed
            case .refuse: .refused
            case .inconclusive: .inconclusive
            }
        self.init(key, environment: environment, outcome, reason, details: details)
    }
}
