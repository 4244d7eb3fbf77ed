extension CanaryPlan {
    /// The plan with all its checks, for objectives as they are now.
    ///
    /// - Parameters:
    ///   - levels: Those of the canary's services.
    ///   - labels: Nil if there is no source of metrics.
    ///   - knowsConnections: Whether the router counts connections.
    package func checking(
        _ levels: [ServiceLevel], _ labels: ArmLabels?, knowsConnections: Bool
    ) -> CanaryPlan {
        var plan = self
        plan.checks = []
        if let labels {
            for level in levels {
                plan.checks += [
                    .objective(level, labels, minimum: minimum),
                    .comparison(level, labels, minimum: minimum),
                ].compactMap(\.self)
            }
            plan.checks += signals.map { .signal($0, labels, minimum: minimum) }
            let services = Set(levels.map(\.service)).sorted()
            if !services.isEmpty { plan.checks += CanaryCheck.alerts(of: services) }
        }
        plan.checks += CanaryCheck.router(
            minimum: minimum, knowsConnections: knowsConnections)
        return plan
    }
}
