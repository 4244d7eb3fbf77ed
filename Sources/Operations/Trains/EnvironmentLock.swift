import BoringDeploy
import EventSourcing

/// Holds environments for one train at a time, by events under optimistic concurrency.
struct EnvironmentLock: Sendable {
    let log: ReleaseLog
    let runner: Runner
    /// Whether a runner is known to be gone.
    let isDead: @Sendable (Runner) -> Bool
    /// Takes an environment from a runner of whom nothing is known.
    let takesOver: Bool

    /// Nil once it is held; else who holds it, in a sentence.
    func claim(_ environment: String, for release: StreamName) async throws -> String? {
        let stream = StreamName.environment(environment)
        let history = try await log.history(of: stream)
        let hold = EnvironmentHold(history)
        if let (claim, since) = hold.holder {
            if claim.runner == runner, claim.release == release.text { return nil }
            // A ride that has died is carried on by itself; another release has to be told to.
            guard takesOver || claim.release == release.text && isDead(claim.runner) else {
                return
                    "\(environment) is held by \(claim.release), \(claim.runner.description), since "
                    + "\(since); wait for it, carry it on with daybook train run "
                    + "\(claim.release), or if that runner is gone: daybook train run \(release.shortName) --take-over"
            }
        }
        let claim = EnvironmentClaimed(
            environment: environment, release: release.text, runner: runner)
        do {
            try await log.append(claim, to: stream, after: hold.streamVersion)
            return nil
        } catch {
            guard error.code == .conflict else { throw error }
        }
        let other = try await EnvironmentHold(log.history(of: stream)).holder
        let who = other.map { "\($0.claim.release), \($0.claim.runner.description)" }
        return "\(environment) was claimed in this moment by \(who ?? "another runner")"
    }

    /// Gives it back, if it is still ours, or of a runner of the same release that is gone.
    func free(_ environment: String, of release: StreamName) async throws {
        let stream = StreamName.environment(environment)
        let hold = EnvironmentHold(try await log.history(of: stream))
        guard let claim = hold.holder?.claim, claim.release == release.text,
            claim.runner == runner || takesOver || isDead(claim.runner)
        else { return }
        try await log.append(
            EnvironmentFreed(environment: environment, release: release.text), to: stream,
            after: hold.streamVersion)
    }
}
