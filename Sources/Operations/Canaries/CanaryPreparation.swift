import BoringDeploy

/// Makes a train's canaries ready as it sets out: their checks, from the objectives as they are
/// then; or says in a sentence why one could not be judged.
struct CanaryPreparation {
    let configuration: Configuration
    let levels: [ServiceLevel]
    /// The version that is tried.
    let version: String

    func prepared(_ train: [TrainStep]) -> Result<[TrainStep], CanaryRefusal> {
        var steps: [TrainStep] = []
        for step in train {
            guard case .canary(let plan) = step else {
                if case .verify(let plan) = step, plan.golden != nil,
                    configuration.environment(plan.environment)?.metrics == nil
                {
                    return .failure(
                        CanaryRefusal(
                            reason: "the golden signals of \(plan.environment) cannot be measured; "
                                + "add metrics: {prometheus: URL} to "
                                + "environments.\(plan.environment)"))
                }
                steps.append(step)
                continue
            }
            switch prepared(plan) {
            case .success(let plan): steps.append(.canary(plan))
            case .failure(let refusal): return .failure(refusal)
            }
        }
        return .success(steps)
    }

    private func prepared(_ plan: CanaryPlan) -> Result<CanaryPlan, CanaryRefusal> {
        func refuse(_ reason: String) -> Result<CanaryPlan, CanaryRefusal> {
            .failure(CanaryRefusal(reason: "the canary in \(plan.environment) \(reason)"))
        }
        let environment = configuration.environment(plan.environment)
        guard let router = environment?.router else {
            return refuse(
                "has no traffic to share; add router: to environments.\(plan.environment)")
        }
        let services =
            plan.services.isEmpty ? configuration.services.map(\.name) : plan.services
        let mine = levels.filter { services.contains($0.service) }
        let labels = environment?.metrics?.labels(of: version)
        if labels == nil, !mine.isEmpty || !plan.signals.isEmpty {
            return refuse(
                "cannot be measured; add metrics: {prometheus: URL, …} to "
                    + "environments.\(plan.environment)")
        }
        if case .haproxy = router {
            return measured(plan.checking(mine, labels, knowsConnections: true), refuse)
        }
        return measured(plan.checking(mine, labels, knowsConnections: false), refuse)
    }

    private func measured(
        _ plan: CanaryPlan, _ refuse: (String) -> Result<CanaryPlan, CanaryRefusal>
    ) -> Result<CanaryPlan, CanaryRefusal> {
        let hasCounts = plan.checks.contains { check in
            switch check.kind {
            case .counts, .gauge: true
            default: false
            }
        }
        return hasCounts
            ? .success(plan)
            : refuse(
                "has nothing to be judged by; name OpenSLO files with ratio metrics of counters "
                    + "under services, or signals of the canary")
    }
}

struct CanaryRefusal: Error {
    let reason: String
}
