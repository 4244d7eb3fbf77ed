import EventSourcing
import LedgerCore

/// What was deployed last to an environment and not brought back since.
package struct Running: Sendable {
    package let release: StreamName
    /// Where the deployment stands in the log.
    package let since: Position

    package init(release: StreamName, since: Position) {
        self.release = release
        self.since = since
    }

    /// The release, if it is another, and was deployed later.
    func other(than history: StreamHistory, in environment: String) -> StreamName? {
        guard release != history.stream, since > history.standing(in: environment) ?? since else {
            return nil
        }
        return release
    }
}

/// Another release that runs where a train still wants to go, or to look again.
///
/// A train that a gate held gave its environments free meanwhile. Riding on as if nothing had
/// happened would put an older release in the place of a newer, or take what is seen of another
/// release for evidence of this one.
package struct Overtaking: Sendable, Equatable {
    package let reason: String
    package let remedy: String

    /// Nil if the release may ride on, or is on its way back.
    ///
    /// - Parameters:
    ///   - decider: Of a ride that has begun; nil for one that sets out.
    ///   - running: What stands in the environments now, of the same train.
    ///   - downgrades: Whether it may take the place of a newer release where it is promoted to;
    ///     on the way there it may always.
    package init?(
        of release: StreamName, with started: TrainStarted, _ decider: TrainDecider?,
        by running: [String: Running], downgrades: Bool
    ) {
        guard started.back == nil, decider?.isGoingBack != true else { return nil }
        let found = started.environments.lazy.compactMap { environment -> Overtaking? in
            guard let other = running[environment]?.release, other != release else { return nil }
            let isDeployed = decider?.hasDeployed(to: environment) ?? false
            for step in decider?.remaining ?? started.plan {
                switch step {
                case .promote(environment, _),
                    .deploy(environment, _) where !started.plan.isPromoting:
                    guard !downgrades, other.isNewer(than: release) else { return nil }
                    return Overtaking(
                        reason: "\(environment) runs \(other), which is newer than \(release)",
                        remedy: "daybook train run \(release.shortName) --downgrade")
                case _ where isDeployed && step.looksAt(environment):
                    return Overtaking(
                        reason:
                            "\(environment) runs \(other) meanwhile, and \(step.title) would look at that",
                        remedy: "daybook train run \(release.shortName) --retry")
                default: continue
                }
            }
            return nil
        }
        guard let first = found.first else { return nil }
        self = first
    }

    private init(reason: String, remedy: String) {
        self.reason = reason
        self.remedy = remedy
    }
}

extension StreamHistory {
    /// Where in the log the release was last deployed to an environment, wholly or half; nil if it
    /// never was or was brought back since.
    package func standing(in environment: String) -> Position? {
        let deployed = all(StepIntended.self).last {
            $0.payload.effect == .deploy && $0.payload.environment == environment
        }
        guard let deployed = deployed?.fact.position else { return nil }
        let isBack = all(RollbackCompleted.self).contains {
            $0.payload.environment == environment && $0.payload.outcome == .passed
                && $0.fact.position > deployed
        }
        return isBack ? nil : deployed
    }
}

extension StreamName {
    /// Of `release/shop/1.5.0`: `release/shop/` and 1.5.0.
    private var parts: (train: Substring, version: SemanticVersion)? {
        guard let slash = text.lastIndex(of: "/"), text.hasPrefix("release/"),
            let version = try? SemanticVersion(parsing: String(text[text.index(after: slash)...]))
        else { return nil }
        return (text[...slash], version)
    }

    package func isOfSameTrain(as other: StreamName) -> Bool {
        guard let train = parts?.train else { return false }
        return train == other.parts?.train
    }

    func isNewer(than other: StreamName) -> Bool {
        guard let mine = parts?.version, let theirs = other.parts?.version else { return false }
        return theirs < mine
    }
}

extension TrainStep {
    /// Whether it takes what it sees in an environment for evidence.
    fileprivate func looksAt(_ environment: String) -> Bool {
        switch self {
        case .soak(let plan): plan.environment == environment
        case .verify(let plan): plan.environment == environment
        case .canary(let plan): plan.environment == environment
        case .cut, .gate, .deploy, .promote, .bundle: false
        }
    }
}
