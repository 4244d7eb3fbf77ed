extension CanaryCheck {
    /// A poison signal of the user's: a spike of denials or errors, a backlog that grows.
    static func signal(
        _ signal: CanaryPlan.Signal, _ labels: ArmLabels, minimum: Int
    ) -> CanaryCheck {
        switch signal {
        case .counts(let name, let bad, let total, let limit, let ratio):
            func counters(_ labels: [PromQL.Matcher]) -> Counters {
                Counters(
                    part: bad.selecting(labels).instant, isGood: false,
                    total: total.selecting(labels).instant)
            }
            let rule = CountsRule(.comparison, limit: limit, ratio: ratio, minimum: minimum)
            return CanaryCheck(
                "signal \(name)",
                .counts(rule, counters(labels.canary), stable: counters(labels.stable)))
        case .gauge(let name, let value, let tolerance):
            return CanaryCheck(
                "signal \(name)",
                .gauge(
                    GaugeRule(tolerance: tolerance), canary: value.selecting(labels.canary).text,
                    stable: value.selecting(labels.stable).text))
        }
    }
}
