import EventSourcing
import LedgerCore

/// Follows a canary look by look, and decides after each. Pure, and so the same in a replay.
package struct CanaryCourse: Sendable {
    package let plan: CanaryPlan
    private var trial: CanaryTrial
    private var last: (time: Timestamp, stage: Int)?
    /// Time that counts: between looks that follow each other soon enough.
    private var watched = Duration.zero
    private var watchedSinceHeld: Duration?
    private var spent: [Duration]
    private var metrics: Sight
    private var router: Sight

    package init(_ plan: CanaryPlan) {
        self.plan = plan
        trial = CanaryTrial(plan)
        spent = Array(repeating: .zero, count: plan.stages.count)
        metrics = Sight(plan.checks.filter { !$0.queries.isEmpty })
        router = Sight(plan.checks.filter { $0.kind == .reachable })
    }

    package mutating func take(_ measured: CanaryMeasured, at time: Timestamp) {
        trial.take(measured.samples)
        if let last {
            let gap = time - last.time
            if gap <= plan.longestGap {
                watched += gap
                watchedSinceHeld = watchedSinceHeld.map { $0 + gap }
                if last.stage == measured.stage, spent.indices.contains(measured.stage) {
                    spent[measured.stage] += gap
                }
            }
        }
        last = (time, measured.stage)
        metrics.take(measured, at: time)
        router.take(measured, at: time)
    }

    /// Somebody was waited for, and a later ride goes on.
    package mutating func hold() { watchedSinceHeld = .zero }

    /// The stage that the next look belongs to; nil after the last.
    package var stage: Int? {
        zip(spent, plan.stages).enumerated().first { $1.0 < $1.1.duration }?.offset
    }

    package var verdicts: [CheckVerdict] { trial.verdicts }

    /// What the looks up to now decide, and why.
    package var decision: (CanaryVerdict.Decision, reason: String) {
        let verdicts = verdicts
        let worse = verdicts.filter { $0.finding == .worse }
        guard worse.isEmpty else {
            return (.rollback, worse.map { "\($0.name): \($0.reason)" }.joined(separator: "; "))
        }
        if let (time, reason) = metrics.blindness, time >= plan.blind {
            return (.rollback, "nothing could be measured for \(time.shown): \(reason)")
        }
        if let (time, reason) = router.blindness, time >= plan.blind {
            return (.rollback, "the canary was not reached for \(time.shown): \(reason)")
        }
        let open = verdicts.filter { $0.finding != .notWorse }
        guard stage == nil else {
            return (
                .goOn,
                open.isEmpty
                    ? "every check is not worse up to now"
                    : "\(open.count) of \(verdicts.count) checks are not shown yet"
            )
        }
        guard !open.isEmpty else {
            return (.pass, "\(verdicts.count) checks are not worse, in \(watched.shown)")
        }
        let reason =
            "not shown in \(watched.shown): "
            + open.map { "\($0.name): \($0.reason)" }.joined(separator: "; ")
        switch plan.inconclusive {
        case .rollback: return (.rollback, reason)
        case .extend: return (watched < plan.longest ? .goOn : .rollback, reason)
        case .hold:
            let patience = plan.stages.last?.duration ?? .zero
            return ((watchedSinceHeld ?? patience) < patience ? .goOn : .hold, reason)
        }
    }

    /// The verdict on the newest look.
    package func verdict(on measured: CanaryMeasured) -> CanaryVerdict {
        let (decision, reason) = decision
        return CanaryVerdict(
            measured.key, environment: plan.environment, look: measured.look, decision, reason,
            checks: verdicts, attachments: measured.attachments)
    }
}

/// Whether anything is learnt of some checks, and if not, for how long.
private struct Sight {
    private let names: Set<String>
    /// When something was learnt last; at first, when it was first tried.
    private var seen: Timestamp?
    private(set) var blindness: (time: Duration, reason: String)?

    init(_ checks: [CanaryCheck]) { names = Set(checks.map(\.name)) }

    mutating func take(_ measured: CanaryMeasured, at time: Timestamp) {
        let samples = measured.samples.filter { names.contains($0.check) }
        let reasons = samples.compactMap { sample in
            if case .missing(let reason) = sample.content { reason } else { nil }
        }
        let reason = reasons.count < samples.count ? nil : reasons.first
        if reason == nil || seen == nil { seen = time }
        blindness = reason.map { (time - (seen ?? time), $0) }
    }
}

extension Duration {
    /// As people read it: `1m30s`.
    package var shown: String {
        let seconds = Int(inSeconds.rounded())
        return seconds < 60
            ? "\(seconds)s"
            : "\(seconds / 60)m" + (seconds % 60 > 0 ? "\(seconds % 60)s" : "")
    }
}
