import EventSourcing
import LedgerCore

/// What a release's stream shows to somebody who audits it, each with the position that shows it.
package struct ReleaseEvidence: Sendable {
    package let history: StreamHistory
    /// What is known of the configurations that were kept.
    private let known: [Digest: ApprovalPolicy.Known]
    /// Of the newest cut.
    let policy: ApprovalPolicy
    /// Every approval, verified once.
    package let approvals: [Approval]
    /// What was recorded elsewhere that bears on it: who held its environments, alerts while it
    /// rode, objectives in force. In order of position.
    package let surroundings: [StreamHistory.Fact]

    /// - Parameter known: The configurations that the stream's events keep, by their digests.
    package init(
        _ history: StreamHistory, known: [Digest: ApprovalPolicy.Known],
        surroundings: [StreamHistory.Fact] = []
    ) {
        self.history = history
        self.known = known
        self.surroundings = surroundings
        policy = ApprovalPolicy(of: history.ofNewestCut, known)
        approvals = Self.approvals(in: history, by: known)
    }

    /// What was recorded from the newest cut on: evidence of an earlier one says nothing of it.
    package var ofNewestCut: ReleaseEvidence {
        ReleaseEvidence(history.ofNewestCut, known: known, surroundings: surroundings)
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

    /// Who was who, by the newest configuration that was kept and is known; nil without one.
    package var people: [Person]? {
        history.cuts.reversed().lazy.compactMap { ApprovalPolicy(of: $0, known).people }.first
    }

    /// All that judge approvals, of any cut.
    package static func configurations(of history: StreamHistory) -> [AttachmentName] {
        history.cuts.compactMap { $0.policy?.file }
    }

    /// Events that look like Daybook's own and cannot be read as such: they count for nothing, and may
    /// hide something.
    package var unreadable: [StreamHistory.Fact] {
        history.facts.filter {
            $0.type.utf8.starts(with: "dev.daybook.".utf8) && !$0.isKnown
                && Catalogue.events.names(like: $0.type)
        }
    }

    /// Gates that were set aside when they were asked.
    package var overriddenGates: [String] {
        Array(Set(gates.flatMap(\.payload.overridden))).sorted()
    }
}

extension StepKey {
    fileprivate func isSameStep(as other: StepKey) -> Bool {
        run == other.run && step == other.step && name == other.name
    }
}
