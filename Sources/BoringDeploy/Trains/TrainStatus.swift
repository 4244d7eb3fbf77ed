import EventSourcing
import LedgerCore

/// Where a release stands, by its stream alone.
package struct TrainStatus: Sendable {
    package struct Step: Sendable {
        package let name: String
        /// `waiting`, `under way`, or the outcome.
        package let state: String
        package let reason: String
        package let began: Timestamp?
        package let ended: Timestamp?

        init(
            _ name: String, _ state: String, _ reason: String = "", began: Timestamp? = nil,
            ended: Timestamp? = nil
        ) {
            self.name = name
            self.state = state
            self.reason = reason
            self.began = began
            self.ended = ended
        }
    }

    /// `uncut`, `cut`, `riding`, `held`, `promoted`, `rolledback`, `failed`, `stuck`.
    package let state: String
    package let steps: [Step]
    package let release: StreamName
    package let version: String?
    package let approvals: [String]
    package let overrides: [String]

    /// - Parameter people: By whose keys approvals are checked.
    package init(_ history: StreamHistory, people: [Person]) {
        release = history.stream
        version = history.cut?.payload.version
        approvals = Self.approvals(history, people)
        overrides = history.sinceCut(OverrideGranted.self).map { _, override in
            "\(override.gate) by \(override.person) until \(override.expires): \(override.reason)"
        }
        guard let started = history.all(TrainStarted.self).last else {
            state = history.cut == nil ? "uncut" : "cut"
            steps = []
            return
        }
        let facts = history.facts.filter { $0.position > started.fact.position }
        steps = started.payload.plan.enumerated().map { index, step in
            Self.step(step, at: index, facts)
        }
        let end = facts.last { $0.isOf(TrainFinished.self) }.flatMap {
            try? TrainFinished(data: $0.data)
        }
        switch end?.end {
        case .completed?: state = started.payload.plan.isPromoting ? "promoted" : "completed"
        case let end?: state = end.rawValue
        case nil:
            let last = facts.last { $0.isOf(GateEvaluated.self) || $0.isOf(TrainBoarded.self) }
            let isHeld =
                last?.isOf(GateEvaluated.self) == true
                && last?.data.object?["outcome"] != "passed"
            state = isHeld ? "held" : "riding"
        }
    }

    /// Of the newest cut, each person once, with what is the matter.
    private static func approvals(_ history: StreamHistory, _ people: [Person]) -> [String] {
        guard let cut = history.cut else { return [] }
        return ApprovalsGate.standing(history).compactMap { person, approvals in
            let mine = approvals.filter { $0.cut == cut.fact.hash }
            guard !mine.isEmpty else { return nil }
            let statement = SignedStatement(
                .approve, release: history.stream.text, cut: cut.fact.hash, person: person)
            let signed = mine.compactMap(\.signature)
            if signed.contains(where: { statement.fault(of: $0, in: people) == nil }) {
                return person
            }
            return person + (signed.isEmpty ? " (UNSIGNED)" : " (SIGNATURE DOES NOT HOLD)")
        }
    }

    private static func step(
        _ step: TrainStep, at index: Int, _ facts: [StreamHistory.Fact]
    ) -> Step {
        if case .cut = step { return Step(step.title, "passed") }
        // That traffic was routed says nothing of how the step is.
        let mine = facts.filter {
            $0.data.object?["step"] == .integer(index) && !$0.isOf(CanaryRouted.self)
        }
        guard let first = mine.first, let last = mine.last else {
            return Step(step.title, "waiting")
        }
        let began = first.recordedTime
        guard let outcome = last.data.object?["outcome"]?.string else {
            return Step(step.title, "under way", began: began)
        }
        return Step(
            step.title, outcome, last.data.object?["reason"]?.string ?? "", began: began,
            ended: last.recordedTime)
    }

    package var json: JSONValue {
        [
            "release": .string(release.text), "version": .optional(version),
            "state": .string(state), "approvals": .texts(approvals),
            "overrides": .texts(overrides),
            "steps": .array(
                steps.map { step in
                    [
                        "name": .string(step.name), "state": .string(step.state),
                        "reason": .string(step.reason),
                        "began": .optional(step.began?.description),
                        "ended": .optional(step.ended?.description),
                    ]
                }),
        ]
    }
}

extension [TrainStep] {
    var isPromoting: Bool {
        contains { step in
            if case .promote = step { true } else { false }
        }
    }
}
