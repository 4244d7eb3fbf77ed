extension CanaryCheck {
    /// The canary against the stable version, which answers the same users in the same minutes, by
    /// what an objective counts as bad. Where hardly anything is bad, it is enough not to burn the
    /// budget fast.
    static func comparison(
        _ level: ServiceLevel, _ labels: ArmLabels, minimum: Int
    ) -> CanaryCheck? {
        guard let canary = Counters(level, labels.canary),
            let stable = Counters(level, labels.stable)
        else { return nil }
        let rule = CountsRule(.comparison, limit: level.burnLimits.fast, minimum: minimum)
        return CanaryCheck("comparison \(level.name)", .counts(rule, canary, stable: stable))
    }
}
