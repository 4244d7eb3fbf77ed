import EventSourcing
import LedgerCore

/// What a release's stream shows to somebody who audits it, each with the position that shows it.
package struct ReleaseEvidence: Sendable {
    package let history: StreamHistory
    /// Who was who, by the configuration that its train kept; nil without one.
    package let people: [Person]?
    /// Every approval, verified once.
    package let approvals: [Approval]
    /// What was recorded elsewhere that bears on it: who held its environments, alerts while it
    /// rode, objectives in force. In order of position.
    package let surroundings: [StreamHistory.Fact]

    package init(
        _ history: StreamHistory, people: [Person]? = nil, surroundings: [StreamHistory.Fact] = []
    ) {
        self.history = history
        self.people = people
        self.surroundings = surroundings
        approvals = Self.approvals(in: history, by: people)
    }

    /// What was recorded from the newest cut on: evidence of an earlier one says nothing of it.
    package var ofNewestCut: ReleaseEvidence {
        ReleaseEvidence(history.ofNewestCut, people: people, surroundings: surroundings)
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

    /// In words, of the newest cut.
    package var outcome: String {
        let newest = history.ofNewestCut
        if let end = newest.all(TrainFinished.self).last { return end.payload.end.words }
        guard newest.all(ReleasePromoted.self).isEmpty else { return "was promoted" }
        return promotions.isEmpty
            ? "has not been promoted"
            : "was cut again after it was promoted, and has not been promoted since"
    }

    /// The digest of that configuration.
    package var configuration: Digest? { Self.configuration(of: history)?.digest }

    /// The configuration that its train kept: who is who, and what the gates ask. That of the ride that
    /// was promoted; else of the newest. Of several that say to be the same ride, the first.
    package static func configuration(of history: StreamHistory) -> AttachmentName? {
        ride(of: history)?.payload.attachments.first { $0.name == "daybook.yaml" }
    }

    /// Where that is recorded.
    package var ride: Shown<TrainStarted>? { Self.ride(of: history) }

    private static func ride(of history: StreamHistory) -> Shown<TrainStarted>? {
        let newest = history.ofNewestCut
        let rides = newest.all(TrainStarted.self)
        guard let promoted = newest.all(ReleasePromoted.self).last?.payload.run else {
            return rides.last
        }
        return rides.first { $0.payload.run == promoted }
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
        let names = gates.flatMap { $0.payload.details["overridden"]?.array ?? [] }
        return Array(Set(names.compactMap(\.string))).sorted()
    }
}

extension StepKey {
    fileprivate func isSameStep(as other: StepKey) -> Bool {
        run == other.run && step == other.step && name == other.name
    }
}
