import EventSourcing
import LedgerCore

/// Where a release stands, in words.
extension ReleaseEvidence {
    /// Of the newest cut.
    package var outcome: String {
        let newest = history.ofNewestCut
        let isPromoted = !newest.all(ReleasePromoted.self).isEmpty
        if let end = newest.all(TrainFinished.self).last?.payload.end,
            !(isPromoted && end == .completed)
        {
            return end.words
        }
        guard !isPromoted else { return "was promoted" }
        guard promotions.isEmpty else {
            return "was cut again after it was promoted, and has not been promoted since"
        }
        if let (fact, gate) = newest.all(GateEvaluated.self).last, gate.outcome != .passed {
            return "is held at a gate (entry \(fact.position)), \(gate.reason)"
        }
        return "has not been promoted"
    }

    /// The cut that was promoted last, with what was recorded of it; nil if none was. It is what production
    /// runs, unless somebody has brought it back since.
    var promotedCut: StreamHistory? {
        history.cuts.last { !$0.all(ReleasePromoted.self).isEmpty }
    }

    /// What a gate has let the release through for, or why not. What was set aside is named with the override,
    /// whatever the evaluation says of itself.
    func reason(of gate: Shown<GateEvaluated>) -> String {
        let aside = gate.payload.overridden
        guard gate.payload.outcome == .passed, !aside.isEmpty else { return gate.payload.reason }
        let set = aside.map { name in
            let override = override(of: name, at: gate.fact)
            let words = override.map { $0.payload.words(at: $0.fact.position) }
            return (name, words ?? "set aside by an override that is not here", true)
        }
        let others = gate.payload.passes.filter { !aside.contains($0.gate) }
            .map { ($0.gate, $0.ground, false) }
        return GateEvaluated.passed(set + others)
    }

    /// The newest of a gate that was in force when it was asked.
    private func override(
        of gate: String, at asked: StreamHistory.Fact
    ) -> Shown<OverrideGranted>? {
        let cut = history.facts.last { $0.isOf(ReleaseCut.self) && $0.position < asked.position }
        return overrides.last { fact, granted in
            granted.gate == gate && granted.cut == cut?.hash && fact.position < asked.position
                && granted.expires > asked.recordedTime
        }
    }

    /// Why what was deployed in a run was brought back.
    func reason(forRollbackIn run: Int) -> String? {
        let back = history.all(TrainStarted.self).last { $0.payload.run == run }?.payload.reason
        return back
            ?? history.all(TrainFinished.self).last { $0.payload.run == run }?.payload.reason
    }
}
