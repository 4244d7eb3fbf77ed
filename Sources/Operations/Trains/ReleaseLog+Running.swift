import BoringDeploy
import EventSourcing
import LedgerCore

extension ReleaseLog {
    /// The release that was deployed last to an environment and not brought back since, among those
    /// of the same train.
    ///
    /// Only who holds an environment deploys there: of the releases that have claimed it, the newest
    /// claims are looked at first, and none that is older than the deployment found.
    func running(in environment: String, asSeenBy release: StreamName) async throws -> Running? {
        let claims = try await history(of: .environment(environment)).all(EnvironmentClaimed.self)
        var seen: Set<String> = []
        var running: Running?
        for (fact, claim) in claims.reversed() {
            if let running, fact.position < running.since { break }
            let other = StreamName(claim.release)
            guard seen.insert(claim.release).inserted, other.isOfSameTrain(as: release),
                let since = try await history(of: other).standing(in: environment)
            else { continue }
            if since >= running?.since ?? since { running = Running(release: other, since: since) }
        }
        return running
    }
}
