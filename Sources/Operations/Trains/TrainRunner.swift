import BoringDeploy
import EventSourcing
import LedgerCore

/// Carries a release's train on: asks the decider what is next, does it, writes down how it ended,
/// until the decider says that it is over. It keeps nothing to itself; the log alone says where a
/// train stands.
package struct TrainRunner: Sendable {
    /// How a ride ended.
    package enum End: Sendable {
        case finished(TrainFinished)
        /// A gate does not let it go on.
        case held(GateEvaluated)
        /// Another train holds an environment.
        case refused(String)
        /// Another release runs where this one would go on.
        case overtaken(Overtaking)
        /// A canary shows nothing either way; a later ride goes on.
        case inconclusive(CanaryVerdict)
        /// The user wanted to stop; a later ride goes on from here.
        case interrupted
    }

    let log: ReleaseLog
    private let effects: StepEffects
    let canaries: CanaryEffects
    /// Nil where a train has no bundles.
    private let bundles: BundleStep?
    let clock: any TrainClock
    let configuration: Configuration
    /// The objectives of its services.
    private let objectives: [OpenSLOFile]
    /// The file that the configuration was read from.
    private let file: Attachment?
    private let lock: EnvironmentLock
    private let isInterrupted: @Sendable () -> Bool
    let tell: @Sendable (String) -> Void
    /// Told where the release stands, each time that it is looked at.
    private let look: @Sendable (StreamHistory) -> Void

    package init(
        log: ReleaseLog, effects: StepEffects, canaries: CanaryEffects = CanaryEffects(),
        bundles: BundleStep? = nil, clock: any TrainClock, configuration: Configuration,
        objectives: [OpenSLOFile] = [], file: Attachment? = nil, runner: Runner,
        isDead: @escaping @Sendable (Runner) -> Bool,
        takesOver: Bool = false,
        isInterrupted: @escaping @Sendable () -> Bool = { false },
        tell: @escaping @Sendable (String) -> Void = { _ in },
        look: @escaping @Sendable (StreamHistory) -> Void = { _ in }
    ) {
        self.log = log
        self.effects = effects
        self.canaries = canaries
        self.bundles = bundles
        self.clock = clock
        self.configuration = configuration
        self.objectives = objectives
        self.file = file
        self.isInterrupted = isInterrupted
        self.tell = tell
        self.look = look
        lock = EnvironmentLock(log: log, runner: runner, isDead: isDead, takesOver: takesOver)
    }

    /// Rides a release that has been cut, from where it stands to where it gets.
    ///
    /// - Parameters:
    ///   - retries: Sets out anew after a ride that has ended, or that a gate holds.
    ///   - downgrades: Goes where a newer release runs.
    ///   - back: Sets out to bring an environment back instead, for a reason.
    package func ride(
        _ release: StreamName, retries: Bool = false, downgrades: Bool = false,
        back: (environment: String, reason: String)? = nil
    ) async throws -> End {
        let history = try await log.history(of: release)
        let last = history.all(TrainStarted.self).last?.payload
        let isOver = history.all(TrainFinished.self).last?.payload.run == last?.run
        if let end = history.all(TrainFinished.self).last?.payload, let last, isOver, !retries,
            back == nil, last.cut == history.cut?.fact.hash
        {
            // Its runner may have died before it gave them back.
            for environment in last.environments {
                try await lock.free(environment, of: release)
            }
            return .finished(end)
        }
        guard let cut = history.cut?.fact.hash else { return .refused("\(release) is not cut") }
        // A ride back, or of another cut, takes the place of one that is held or was left; one that
        // is under way holds the environment.
        let decider = TrainDecider(history, now: clock.now())
        let isNew =
            last == nil || isOver || back != nil || last?.cut != cut
            || retries && decider?.isHeld == true
        var plan: [TrainStep] = []
        if isNew, back == nil {
            let version = history.cut?.payload.version ?? ""
            switch CanaryPreparation(
                configuration: configuration, levels: objectives.flatMap(\.levels), version: version
            ).prepared(configuration.train) {
            case .success(let steps): plan = steps
            case .failure(let refusal): return .refused(refusal.reason)
            }
        }
        let started =
            isNew
            ? TrainStarted(
                run: (last?.run ?? 0) + 1, cut: cut, plan: plan,
                back: back?.environment, reason: back?.reason,
                attachments: file.map { [AttachmentName("daybook.yaml", $0)] } ?? []) : last
        guard let started else { return .refused("the train has no plan") }
        var held: [String] = []
        for environment in started.environments {
            if let refusal = try await lock.claim(environment, for: release) {
                for environment in held { try await lock.free(environment, of: release) }
                return .refused(refusal)
            }
            held.append(environment)
        }
        var running: [String: Running] = [:]
        for environment in held {
            running[environment] = try await log.running(in: environment, asSeenBy: release)
        }
        let aside = Overtaking(
            of: release, with: started, isNew ? nil : decider, by: running, downgrades: downgrades)
        if let aside {
            for environment in held { try await lock.free(environment, of: release) }
            return .overtaken(aside)
        }
        var version = history.streamVersion
        if isNew {
            if started.plan.contains(where: \.isCanary) { try await log.define(objectives) }
            version = try await log.append(
                started, to: release, after: version, attaching: file.map { [$0] } ?? []
            ).streamVersion
        }
        try await log.append(
            TrainBoarded(run: started.run, runner: lock.runner), to: release, after: version)
        let end: End
        do {
            end = try await carry(release, running)
        } catch {
            await giveTrafficBack(of: release)
            throw error
        }
        if case .interrupted = end { await giveTrafficBack(of: release) }
        for environment in held { try await lock.free(environment, of: release) }
        return end
    }

    private func carry(_ release: StreamName, _ running: [String: Running]) async throws -> End {
        while true {
            let history = try await log.history(of: release)
            look(history)
            guard let decider = TrainDecider(history, now: clock.now(), running: running) else {
                return .refused("\(release) has not set out")
            }
            if isInterrupted() { return .interrupted }
            let move = decider.next
            switch move {
            case .finished(let finished): return .finished(finished)
            case .hold(let evaluated): return .held(evaluated)
            case .wait(let duration): await clock.sleep(for: duration)
            case .intend(let intended):
                // Of a share of traffic only the outcome is news.
                if intended.effect != .route { tell("\(intended.key.shown): begins") }
                try await write(intended, history)
            case .perform(let intended):
                guard try await perform(intended, history) else { return .interrupted }
            case .askGates(let names, let key, let environment):
                try await ask(names, key, environment, history)
            case .sample(let plan, let key):
                let sample = await effects.sample(plan, key, history)
                if isInterrupted() { return .interrupted }
                tell("\(key.shown): \(sample.isGood ? "good" : "bad: \(sample.reason)")")
                try await write(sample, history)
            case .route(let intended, let percent):
                let routed = await canaries.route(intended, percent: percent)
                tell("\(intended.key.name): \(routed.reason)")
                try await write(routed, history)
            case .look(let plan, let key, let number, let stage, let previous):
                try await look(
                    plan, key, number: number, stage: stage, previous: previous, history)
            case .judge(let verdict):
                tell(verdict)
                try await write(verdict, history)
            case .holdCanary(let verdict): return .inconclusive(verdict)
            case .sampleSignals(let plan, let key, let environment, let deployed):
                let (sample, evidence) = await canaries.signals(
                    plan, key, environment, since: clock.now() - deployed)
                if isInterrupted() { return .interrupted }
                tell(
                    "\(key.shown): \(sample.isGood ? "" : sample.isMissing ? "missing: " : "bad: ")\(sample.reason)"
                )
                try await write(sample, history, attaching: [evidence])
            case .complete(let completed):
                tell("\(completed.key.shown): \(completed.outcome.rawValue), \(completed.reason)")
                try await write(completed, history)
            case .promote(let promoted):
                tell("\(release) is promoted to \(promoted.environment)")
                try await write(promoted, history)
            case .bundle(let key):
                let (outcome, kept) = await bundle(key, history)
                guard try await record(outcome, kept, history) else { return .interrupted }
            case .finish(let finished):
                tell("the train \(finished.end.words): \(finished.reason)")
                try await write(finished, history)
            }
        }
    }

    private func bundle(
        _ key: StepKey, _ history: StreamHistory
    ) async -> (BundleExported, [Attachment]) {
        guard let bundles else {
            return (
                BundleExported(key, environment: nil, .failed, "there is no ledger to export from"),
                []
            )
        }
        return await bundles.run(key, of: history.stream, at: clock.now())
    }

    /// False if the user wanted to stop meanwhile: then nobody knows how it ended.
    private func perform(_ intended: StepIntended, _ history: StreamHistory) async throws -> Bool {
        let environment = configuration.environment(intended.environment)
        switch intended.effect {
        case .deploy:
            let (outcome, kept): (DeploymentCompleted, [Attachment]) = await effects.run(
                environment?.deploy, intended, environment, history)
            return try await record(outcome, kept, history)
        case .rollback:
            let (outcome, kept): (RollbackCompleted, [Attachment]) = await effects.run(
                environment?.rollback, intended, environment, history)
            return try await record(outcome, kept, history)
        case .route: return true
        case .verify:
            let plan = history.all(TrainStarted.self).last?.payload.plan[intended.key.step]
            let (outcome, kept) = await effects.verify(plan, intended, environment, history)
            return try await record(outcome, kept, history)
        }
    }

    private func record<Kind>(
        _ outcome: StepOutcome<Kind>, _ attachments: [Attachment], _ history: StreamHistory
    ) async throws -> Bool {
        if isInterrupted() { return false }
        tell("\(outcome.key.shown): \(outcome.outcome.rawValue), \(outcome.reason)")
        try await write(outcome, history, attaching: attachments)
        return true
    }

    private func ask(
        _ names: [String], _ key: StepKey, _ environment: String?, _ history: StreamHistory
    ) async throws {
        let question = GateQuestion(
            history: history, configuration: configuration, environment: environment,
            now: clock.now())
        let evaluated = GateEvaluated(
            key, environment: environment, gates: names, question,
            file: file.map { AttachmentName("daybook.yaml", $0) })
        tell("\(key.shown): \(evaluated.outcome.rawValue)")
        try await write(evaluated, history, attaching: file.map { [$0] } ?? [])
    }

    /// Others write into the stream as well: an approval, an abort. What was learnt meanwhile is
    /// still true, so it is written after theirs; unless another runner has boarded.
    func write(
        _ payload: some EventPayload, _ history: StreamHistory,
        attaching attachments: [Attachment] = []
    ) async throws {
        var version = history.streamVersion
        while true {
            do {
                try await log.append(
                    payload, to: history.stream, after: version, attaching: attachments)
                return
            } catch {
                guard error.code == .conflict else { throw error }
                let now = try await log.history(of: history.stream)
                let rider = now.all(TrainBoarded.self).last?.payload.runner
                guard rider == lock.runner, now.streamVersion != version else { throw error }
                version = now.streamVersion
            }
        }
    }
}

extension StepKey {
    /// As `deploy stage (checkout)`.
    fileprivate var shown: String {
        let who = service.map { " (\($0))" } ?? ""
        return "\(name)\(who)" + (attempt > 1 ? ", attempt \(attempt)" : "")
    }
}
