import EventSourcing
import LedgerCore

// A canary: traffic is shifted, looks are taken and judged, and traffic is given back.
extension TrainDecider {
    /// How often the router is asked before the train stops.
    package static let routingAttempts = 3

    /// Nil if it is over and has passed.
    func canary(_ plan: CanaryPlan, _ key: StepKey) -> Move? {
        let looks = all(CanaryMeasured.self).filter { $0.1.key == key }
        let verdicts = all(CanaryVerdict.self).filter { $0.1.key == key }
        let last = verdicts.last
        switch last?.1.decision {
        case .pass?: return restoreTraffic(in: plan.environment)
        case .rollback?:
            return unwind(plan.environment, because: "\(key.name): \(last?.1.reason ?? "")")
        case .hold?:
            let boarded = all(TrainBoarded.self).last?.0.position ?? started.fact.position
            if let last, last.0.position > boarded {
                return restoreTraffic(in: plan.environment)
                    ?? .holdCanary(last.1)
            }
        case .goOn?, nil: break
        }
        var course = CanaryCourse(plan)
        for (fact, measured) in looks {
            course.take(measured, at: fact.recordedTime)
            if verdicts.contains(where: { $0.1.look == measured.look && $0.1.decision == .hold }) {
                course.hold()
            }
        }
        if let look = looks.last?.1, look.look != last?.1.look {
            return .judge(course.verdict(on: look))
        }
        let stage = course.stage ?? plan.stages.count - 1
        let percent = plan.stages[stage].percent
        let routed = routes(in: plan.environment).last
        guard let routed, routed.fact.position > started.fact.position,
            routed.payload.percent == percent, routed.payload.outcome == .passed,
            pendingRoute(in: plan.environment) == nil
        else { return route(to: percent, in: plan.environment, key) }
        let number = (looks.last?.1.look ?? -1) + 1
        let move = Move.look(
            plan, key, look: number, stage: stage, previous: looks.last?.1.evidence)
        guard let look = looks.last else { return move }
        // The first look with a new share is taken at once: what came before belongs to the old one.
        if routed.fact.position > look.0.position { return move }
        let due = look.0.recordedTime + plan.every
        return now >= due ? move : .wait(due - now)
    }

    /// Of all rides: one that was left may have left a share behind.
    private func routes(in environment: String) -> [(
        fact: StreamHistory.Fact, payload: CanaryRouted
    )] {
        history.all(CanaryRouted.self).filter { $0.payload.environment == environment }
    }

    /// A route that was intended, and of which nobody knows whether it was taken.
    private func pendingRoute(in environment: String) -> StepIntended? {
        let intended = history.all(StepIntended.self).last {
            $0.payload.effect == .route && $0.payload.environment == environment
        }
        guard let intended, let routed = routes(in: environment).last else {
            return intended?.payload
        }
        return intended.fact.position > routed.fact.position ? intended.payload : nil
    }

    /// Intends and performs it, some times if the router does not answer; then the train stops
    /// where it is, for what is not reached cannot be brought back either.
    private func route(to percent: Int, in environment: String, _ step: StepKey) -> Move {
        if let pending = pendingRoute(in: environment), pending.percent == percent,
            pending.key.step == step.step, pending.key.run == run
        {
            return .route(pending, percent: percent)
        }
        let tries = routes(in: environment)
        let failed = tries.filter { $0.fact.position > started.fact.position }.reversed()
            .prefix { $0.payload.outcome != .passed }
        guard failed.count < Self.routingAttempts else {
            let before = tries.last { $0.payload.outcome == .passed }?.payload.percent ?? 0
            return .finish(
                TrainFinished(
                    run: run, end: hasDeployed(to: environment) ? .stuck : .failed,
                    reason: "the router of \(environment) could not be told to give the canary "
                        + "\(percent)%: \(failed.first?.payload.reason ?? ""); the canary had "
                        + "\(before)% of the traffic before"))
        }
        var key = step
        key.attempt = tries.count + 1
        return .intend(
            StepIntended(
                key, .route, environment: environment, release: release, percent: percent))
    }

    /// Before a version is deployed to where it is tried, what is there has no traffic; nil if so.
    func clearTraffic(in environment: String) -> Move? {
        guard let step = canaryStep(in: environment) else { return nil }
        let isCleared = routes(in: environment).contains {
            $0.fact.position > started.fact.position && $0.payload.outcome == .passed
        }
        return isCleared ? nil : route(to: 0, in: environment, step)
    }

    private func canaryStep(in environment: String) -> StepKey? {
        let step = started.payload.plan.firstIndex { step in
            if case .canary(let plan) = step { plan.environment == environment } else { false }
        }
        return step.map { StepKey(run: run, step: $0, name: started.payload.plan[$0].title) }
    }

    /// Whether the log says that a canary has traffic, or may have.
    package func hasTraffic(in environment: String) -> Bool {
        if let pending = pendingRoute(in: environment), pending.percent != 0 { return true }
        // After one that failed, nobody knows.
        guard let last = routes(in: environment).last?.payload else { return false }
        return last.outcome != .passed || last.percent != 0
    }

    /// What a runner that ends early says once it has given the traffic back.
    package func routedBack(in environment: String) -> CanaryRouted? {
        let last = routes(in: environment).last?.payload.key
        guard let key = last ?? pendingRoute(in: environment)?.key else { return nil }
        var details = JSONObject()
        details["percent"] = .integer(0)
        return CanaryRouted(
            key, environment: environment, .passed, "the runner ends early", details: details)
    }

    /// Gives all traffic back to the stable version; nil if it has it.
    func restoreTraffic(in environment: String) -> Move? {
        guard hasTraffic(in: environment) else { return nil }
        // A ride back has no plan, and what an earlier ride left is given back all the same.
        let step = StepKey(
            run: run, step: started.payload.plan.count, name: "canary \(environment)")
        return route(to: 0, in: environment, canaryStep(in: environment) ?? step)
    }
}
