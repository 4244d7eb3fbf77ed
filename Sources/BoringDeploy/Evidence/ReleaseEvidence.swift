import EventSourcing
import LedgerCore

/// What a release's stream shows to somebody who audits it, each with the position that shows it.
package struct ReleaseEvidence: Sendable {
    package let history: StreamHistory

    package init(_ history: StreamHistory) { self.history = history }

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
            last.removeAll { $0.key == shown.payload.key }
            last.append((shown.payload.key, shown))
        }
        return last.map(\.shown)
    }

    /// An approval and what became of it.
    package struct Approval: Sendable {
        package let person: String
        package let fact: StreamHistory.Fact
        package let isSigned: Bool
        /// Of the newest cut; else a later cut has made it stale.
        package let isCurrent: Bool
        package let isRevoked: Bool
    }

    package var approvals: [Approval] {
        let revoked = history.all(ApprovalRevoked.self)
        return history.all(ApprovalGranted.self).map { fact, granted in
            Approval(
                person: granted.person, fact: fact, isSigned: granted.signature != nil,
                isCurrent: granted.cut == cut?.fact.hash,
                isRevoked: revoked.contains {
                    $0.payload.person == granted.person && $0.payload.cut == granted.cut
                        && $0.fact.position > fact.position
                })
        }
    }

    /// Approvals that count: signed, of the newest cut, not taken back, each person once.
    package var standing: [Approval] {
        var seen: Set<String> = []
        return approvals.filter {
            $0.isSigned && $0.isCurrent && !$0.isRevoked && seen.insert($0.person).inserted
        }
    }

    package var end: Shown<TrainFinished>? { history.all(TrainFinished.self).last }

    /// In words.
    package var outcome: String {
        if let end { return end.payload.end.words }
        return promotions.isEmpty ? "has not been promoted" : "was promoted"
    }
}
