import EventSourcing
import LedgerCore

/// What a train does next, from its release's log alone. Pure: a runner that dies anywhere and one
/// that never does are told the same.
package struct TrainDecider: Sendable {
    package enum Move: Sendable {
        /// Write down what is about to be done.
        case intend(StepIntended)
        /// Do it, and write down how it ended.
        case perform(StepIntended)
        case askGates([String], StepKey, environment: String?)
        case sample(SoakPlan, StepKey)
        case sampleSignals(GoldenPlan, StepKey, environment: String, deployed: Timestamp)
        case complete(SoakCompleted)
        /// Give the canary a share of the traffic, of a hundred.
        case route(StepIntended, percent: Int)
        case look(CanaryPlan, StepKey, look: Int, stage: Int, previous: Digest?)
        case judge(CanaryVerdict)
        /// The canary shows nothing either way; a later ride goes on.
        case holdCanary(CanaryVerdict)
        case promote(ReleasePromoted)
        /// Export the evidence so far. Trying it twice is harmless, so it is not intended before.
        case bundle(StepKey)
        case wait(Duration)
        /// A gate does not let the train go on; a later ride asks again.
        case hold(GateEvaluated)
        case finish(TrainFinished)
        case finished(TrainFinished)
    }

    /// How often a rollback is tried.
    package static let rollbackAttempts = 3

    let history: StreamHistory
    let started: (fact: StreamHistory.Fact, payload: TrainStarted)
    let now: Timestamp
    private let running: [String: Running]

    /// Nil if the release has not set out.
    ///
    /// - Parameter running: What ran in the train's environments as they were claimed.
    package init?(_ history: StreamHistory, now: Timestamp, running: [String: Running] = [:]) {
        guard let started = history.all(TrainStarted.self).last else { return nil }
        self.running = running
        self.history = history
        self.started = started
        self.now = now
    }

    var run: Int { started.payload.run }
    var release: String { history.stream.text }

    /// Of this ride.
    func all<Payload: EventPayload>(_ type: Payload.Type) -> [(
        StreamHistory.Fact, Payload
    )] {
        history.all(type).filter { $0.fact.position > started.fact.position }
            .map { ($0.fact, $0.payload) }
    }

    func outcomes<Kind>(
        _ type: StepOutcome<Kind>.Type, of key: StepKey
    ) -> [(fact: StreamHistory.Fact, payload: StepOutcome<Kind>)] {
        all(type).filter { $0.1.key == key }.map { (fact: $0.0, payload: $0.1) }
    }

    package var next: Move {
        if let (_, finished) = all(TrainFinished.self).last { return .finished(finished) }
        if let environment = started.payload.back {
            return unwind(
                environment, because: started.payload.reason ?? "asked for", inAllRuns: true)
        }
        if let (_, aborted) = all(TrainAborted.self).last {
            return unwind(lastEnvironment, because: "aborted: \(aborted.reason)")
        }
        guard history.cut?.fact.hash == started.payload.cut else {
            return unwind(lastEnvironment, because: "the release was cut again meanwhile")
        }
        for (index, step) in started.payload.plan.enumerated() {
            if let move = next(step, at: index) { return move }
        }
        return .finish(TrainFinished(run: run, end: .completed, reason: "every step has passed"))
    }

    package var isHeld: Bool {
        switch next {
        case .hold, .askGates, .holdCanary: true
        default: false
        }
    }

    /// Whether all that is left is to bring back what was touched.
    package var isGoingBack: Bool {
        switch next {
        case .intend(let intended), .perform(let intended): intended.effect == .rollback
        case .finish(let finished): finished.end != .completed
        default: false
        }
    }

    /// The steps that are still to be made.
    package var remaining: [TrainStep] {
        started.payload.plan.enumerated().filter { next($1, at: $0) != nil }.map(\.element)
    }

    /// Whether this ride has deployed to an environment, wholly or half.
    package func hasDeployed(to environment: String) -> Bool {
        all(StepIntended.self).contains {
            $0.1.effect == .deploy && $0.1.environment == environment
        }
    }

    /// Nil if the step is over and has passed.
    private func next(_ step: TrainStep, at index: Int) -> Move? {
        let key = StepKey(run: run, step: index, name: step.title)
        switch step {
        case .cut: return nil
        case .gate(let names): return ask(names, key)
        case .deploy(let environment, let services): return deploy(to: environment, services, key)
        case .soak(let plan): return soak(plan, key)
        case .verify(let plan):
            if let move = effect(
                VerificationCompleted.self, .verify, key, in: plan.environment)
            {
                return move
            }
            return plan.golden.flatMap { signals($0, key, in: plan.environment) }
        case .promote(let environment, let services):
            if let move = deploy(to: environment, services, key) { return move }
            let isPromoted = all(ReleasePromoted.self).contains { $0.1.environment == environment }
            guard !isPromoted else { return nil }
            return .promote(
                ReleasePromoted(
                    run: run, environment: environment, version: history.cut?.payload.version ?? "")
            )
        case .canary(let plan): return canary(plan, key)
        case .bundle: return bundle(key)
        }
    }

    // MARK: Steps

    private func ask(_ names: [String], _ key: StepKey) -> Move? {
        let ask = Move.askGates(names, key, environment: nextEnvironment(after: key.step))
        guard let (fact, last) = outcomes(GateEvaluated.self, of: key).last else { return ask }
        guard last.outcome != .passed else { return nil }
        let boarded = all(TrainBoarded.self).last?.0.position ?? started.fact.position
        return fact.position > boarded ? .hold(last) : ask
    }

    private func nextEnvironment(after step: Int) -> String? {
        started.payload.plan[(step + 1)...].lazy.compactMap { step -> String? in
            switch step {
            case .deploy(let environment, _), .promote(let environment, _): environment
            default: nil
            }
        }.first
    }

    private func deploy(to environment: String, _ services: [String], _ key: StepKey) -> Move? {
        if let move = clearTraffic(in: environment) { return move }
        for service in services.isEmpty ? [nil] : services.map(Optional.some) {
            var key = key
            key.service = service
            if let move = effect(DeploymentCompleted.self, .deploy, key, in: environment) {
                return move
            }
        }
        return nil
    }

    private func effect<Kind>(
        _ outcome: StepOutcome<Kind>.Type, _ effect: StepIntended.Effect, _ key: StepKey,
        in environment: String
    ) -> Move? {
        if let (_, last) = outcomes(outcome, of: key).last {
            guard last.outcome == .passed else {
                return unwind(environment, because: "\(key.name): \(last.reason)")
            }
            return nil
        }
        let intended = StepIntended(key, effect, environment: environment, release: release)
        return isIntended(intended) ? .perform(intended) : .intend(intended)
    }

    func isIntended(_ intended: StepIntended) -> Bool {
        all(StepIntended.self).contains {
            $0.1.key == intended.key && $0.1.effect == intended.effect
        }
    }

    /// A soak is proved by samples: only time between two good ones that follow each other soon
    /// enough counts.
    private func soak(_ plan: SoakPlan, _ key: StepKey, sample: Move? = nil) -> Move? {
        if let (_, last) = outcomes(SoakCompleted.self, of: key).last {
            return last.outcome == .passed
                ? nil : unwind(plan.environment, because: "\(key.name): \(last.reason)")
        }
        let sample = sample ?? .sample(plan, key)
        let looks = all(SoakSampled.self).filter { $0.1.key == key }
        let samples = looks.filter { !$0.1.isMissing }
        func complete(_ outcome: Outcome, _ reason: String, _ watched: Duration) -> Move {
            var details = JSONObject()
            details["samples"] = .integer(samples.count)
            details["watchedseconds"] = .number(watched.inSeconds)
            return .complete(
                SoakCompleted(
                    key, environment: plan.environment, outcome, reason, details: details))
        }
        var watched = Duration.zero
        for (before, after) in zip(samples, samples.dropFirst()) {
            let gap = after.0.recordedTime - before.0.recordedTime
            if gap <= plan.longestGap { watched += gap }
        }
        if let (_, bad) = samples.last, !bad.isGood {
            return complete(.failed, bad.reason, watched)
        }
        if watched >= plan.duration, !samples.isEmpty {
            return complete(.passed, "watched for \(plan.duration)", watched)
        }
        guard let (last, look) = looks.last else { return sample }
        if look.isMissing {
            let since = (samples.last ?? looks[0]).0.recordedTime
            guard last.recordedTime - since < SoakSampled.longestBlindness else {
                return complete(.failed, "it could not be measured: \(look.reason)", watched)
            }
        }
        let due =
            last.recordedTime + min(plan.every, max(plan.duration - watched, .milliseconds(1)))
        return now >= due ? sample : .wait(due - now)
    }

    /// Nothing is brought back because its evidence could not be exported.
    private func bundle(_ key: StepKey) -> Move? {
        guard let (_, last) = outcomes(BundleExported.self, of: key).last else {
            return .bundle(key)
        }
        guard last.outcome != .passed else { return nil }
        return .finish(
            TrainFinished(
                run: run, end: .failed,
                reason:
                    "the evidence could not be exported: \(last.reason); what was deployed stays; "
                    + "see: daybook bundle export"))
    }

    /// After the smoke suite: signals stay within bounds of what they were before the deployment.
    private func signals(_ plan: GoldenPlan, _ key: StepKey, in environment: String) -> Move? {
        let deployed = all(StepIntended.self).first {
            $0.1.effect == .deploy && $0.1.environment == environment
        }
        let soakPlan = SoakPlan(
            environment: environment, duration: plan.duration, every: plan.every)
        guard let deployed else { return nil }
        return soak(
            soakPlan, key,
            sample: .sampleSignals(
                plan, key, environment: environment, deployed: deployed.0.recordedTime))
    }

    // MARK: Going back

    /// The environment that the ride has touched last.
    private var lastEnvironment: String? { all(StepIntended.self).last?.1.environment }

    /// Brings an environment back: what was deployed there, in reverse order, whether or not the
    /// deployment succeeded; each tried several times.
    func unwind(
        _ environment: String?, because reason: String, inAllRuns: Bool = false
    ) -> Move {
        if let environment, let move = restoreTraffic(in: environment) {
            return move
        }
        let intents =
            inAllRuns
            ? history.all(StepIntended.self).map(\.payload) : all(StepIntended.self).map(\.1)
        let deployed = intents.filter { $0.effect == .deploy && $0.environment == environment }
        var services: [String?] = []
        for intent in deployed where !services.contains(intent.key.service) {
            services.append(intent.key.service)
        }
        guard let environment, !services.isEmpty else {
            return .finish(TrainFinished(run: run, end: .failed, reason: reason))
        }
        if let other = running[environment]?.other(than: history, in: environment) {
            return .finish(
                TrainFinished(
                    run: run, end: .failed,
                    reason: "\(reason); \(environment) runs \(other) and is left as it is"))
        }
        let done = all(RollbackCompleted.self).map(\.1).filter { $0.environment == environment }
        for service in services.reversed() {
            let tries = done.filter { $0.key.service == service }
            if tries.contains(where: { $0.outcome == .passed }) { continue }
            guard tries.count < Self.rollbackAttempts else {
                return .finish(
                    TrainFinished(
                        run: run, end: .stuck,
                        reason: "\(reason); and the rollback of \(environment) failed "
                            + "\(tries.count) times: \(tries.last?.reason ?? "")"))
            }
            let key = StepKey(
                run: run, step: started.payload.plan.count, name: "roll back \(environment)",
                service: service, attempt: tries.count + 1)
            let intended = StepIntended(key, .rollback, environment: environment, release: release)
            return isIntended(intended) ? .perform(intended) : .intend(intended)
        }
        return .finish(TrainFinished(run: run, end: .rolledBack, reason: reason))
    }
}
