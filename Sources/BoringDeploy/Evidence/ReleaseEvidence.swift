import EventSourcing
import LedgerCore

/// What a release's stream shows to somebody who audits it, each with the position that shows it.
package struct ReleaseEvidence: Sendable {
    package let history: StreamHistory
    /// Who was who when it last set out, by the configuration that its train kept; nil without one.
    package let people: [Person]?
    /// What was recorded elsewhere that bears on it: who held its environments, alerts while it
    /// rode, objectives in force. In order of position.
    package let surroundings: [StreamHistory.Fact]

    package init(
        _ history: StreamHistory, people: [Person]? = nil, surroundings: [StreamHistory.Fact] = []
    ) {
        self.history = history
        self.people = people
        self.surroundings = surroundings
    }

    package typealias Shown<Payload> = (fact: StreamHistory.Fact, payload: Payload)

    package var name: String { history.stream.shortName }
    package var cut: Shown<ReleaseCut>? { history.cut }
    package var gates: [Shown<GateEvaluated>] { history.all(GateEvaluated.self) }
    package var overrides: [Shown<OverrideGranted>] { history.all(OverrideGranted.self) }
    package var deployments: [Shown<DeploymentCompleted>] { history.all(DeploymentCompleted.self) }
    package var verifications: [Shown<VerificationCompleted>] {
        history.all(VerificationCompleted.self)
    }
    package var soaks: [Shown<SoakCompleted>] { history.all(SoakCompleted.self) }
    package var rollbacks: [Shown<RollbackCompleted>] { history.all(RollbackCompleted.self) }
    package var rehearsals: [Shown<MigrationRehearsed>] { history.all(MigrationRehearsed.self) }
    package var promotions: [Shown<ReleasePromoted>] { history.all(ReleasePromoted.self) }

    /// The last verdict of each canary.
    package var canaries: [Shown<CanaryVerdict>] {
        var last: [(key: StepKey, shown: Shown<CanaryVerdict>)] = []
        for shown in history.all(CanaryVerdict.self) {
            last.removeAll { $0.key.isSameStep(as: shown.payload.key) }
            last.append((shown.payload.key, shown))
        }
        return last.map(\.shown)
    }

    package var end: Shown<TrainFinished>? { history.all(TrainFinished.self).last }

    /// In words.
    package var outcome: String {
        if let end { return end.payload.end.words }
        return promotions.isEmpty ? "has not been promoted" : "was promoted"
    }

    /// The configuration that its newest train kept: who is who, and what the gates ask.
    package static func configuration(of history: StreamHistory) -> AttachmentName? {
        history.all(TrainStarted.self).last?.payload.attachments.first { $0.name == "daybook.yaml" }
    }
}

extension StepKey {
    fileprivate func isSameStep(as other: StepKey) -> Bool {
        run == other.run && step == other.step && name == other.name
    }
}
