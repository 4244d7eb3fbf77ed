import EventSourcing
import LedgerCore

/// What was recorded of one cut, until the next: the ride that was promoted, the gate that let it through, and
/// the configuration by which that judged.
extension StreamHistory {
    typealias Shown<Payload> = (fact: Fact, payload: Payload)

    /// The stream, cut by cut, oldest first; whole without a cut.
    var cuts: [StreamHistory] {
        let starts = all(ReleaseCut.self).map(\.fact.position)
        guard !starts.isEmpty else { return [self] }
        let ends = starts.dropFirst().map(Optional.some) + [nil]
        return zip(starts, ends).map { start, end in
            StreamHistory(
                stream,
                facts: facts.filter { fact in
                    fact.position >= start && end.map { fact.position < $0 } ?? true
                })
        }
    }

    /// The ride that was promoted; else the newest. Of several that say to be the same ride, the first.
    var ride: Shown<TrainStarted>? {
        let rides = all(TrainStarted.self)
        guard let promoted = all(ReleasePromoted.self).last?.payload.run else { return rides.last }
        return rides.first { $0.payload.run == promoted }
    }

    /// Where that ride asked for approvals last, by its plan and before it was promoted: when it was let through
    /// there first; else the newest.
    var approvalsGate: Shown<GateEvaluated>? {
        let end = all(ReleasePromoted.self).first?.fact.position
        let asked = all(GateEvaluated.self).filter { fact, gate in
            gate.gates.contains(ApprovalsGate.name) && end.map { fact.position < $0 } ?? true
                && ride.map { $0.payload.asksForApprovals(at: gate.key) } ?? true
        }
        guard let step = asked.map(\.payload.key.step).max() else { return nil }
        let last = asked.filter { $0.payload.key.step == step }
        return last.first { $0.payload.outcome == .passed } ?? last.last
    }

    /// A configuration that an event has kept.
    struct KeptConfiguration {
        let fact: Fact
        let file: AttachmentName
    }

    /// That by which approvals are judged: of the gate that asked for them, else of the ride.
    var policy: KeptConfiguration? {
        if let gate = approvalsGate, let file = gate.payload.configuration {
            return KeptConfiguration(fact: gate.fact, file: file)
        }
        return rideConfiguration
    }

    var rideConfiguration: KeptConfiguration? {
        guard let ride,
            let file = ride.payload.attachments.first(where: { $0.name == "daybook.yaml" })
        else { return nil }
        return KeptConfiguration(fact: ride.fact, file: file)
    }

    /// Where a configuration was kept that is not the one kept before, from the ride's start on.
    var configurations: [KeptConfiguration] {
        guard let first = rideConfiguration, let run = ride?.payload.run else { return [] }
        var kept = [first]
        for (fact, gate) in all(GateEvaluated.self) where gate.key.run == run {
            guard let file = gate.configuration, file.digest != kept.last?.file.digest else {
                continue
            }
            kept.append(KeptConfiguration(fact: fact, file: file))
        }
        return kept
    }
}

extension TrainStarted {
    /// What is said to be of another ride, or of a step that asks no such gate, judges nothing.
    fileprivate func asksForApprovals(at key: StepKey) -> Bool {
        guard key.run == run, plan.indices.contains(key.step),
            case .gate(let names) = plan[key.step]
        else { return false }
        return names.contains(ApprovalsGate.name)
    }
}
