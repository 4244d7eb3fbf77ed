extension CanaryCheck {
    /// The canary alone against an objective: "worse" is shown against the slower of the two burn
    /// rates that page, "not worse" against the faster one, so that a canary that passes would not
    /// page within an hour.
    static func objective(
        _ level: ServiceLevel, _ labels: ArmLabels, minimum: Int
    ) -> CanaryCheck? {
        guard let canary = Counters(level, labels.canary) else { return nil }
        let limits = level.burnLimits
        let rule = CountsRule(
            .limit, limit: limits.fast, worseLimit: limits.slow, minimum: minimum)
        return CanaryCheck("objective \(level.name)", .counts(rule, canary, stable: nil))
    }
}

extension CanaryCheck.Counters {
    /// The counters of an objective, of the series with some labels; nil if it counts nothing.
    init?(_ level: ServiceLevel, _ labels: [PromQL.Matcher]) {
        guard case .ratio(let part, let isGood, let total, true) = level.indicator else {
            return nil
        }
        self.init(
            part: part.selecting(labels).instant, isGood: isGood,
            total: total.selecting(labels).instant)
    }
}

extension ServiceLevel {
    /// The shares of bad requests that the burn rates which page come to. Where a budget is so large
    /// that they would come to everything, half-way between the budget and everything.
    var burnLimits: (fast: Double, slow: Double) {
        let most = (1 + budget.asDouble) / 2
        let pages = BurnRate.all.filter { $0.severity == .page }.map {
            min(most, (budget * $0.factor(over: period)).asDouble)
        }
        return (pages.max() ?? most, pages.min() ?? most)
    }
}
