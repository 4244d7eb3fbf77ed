import BoringDeploy
import Foundation

extension PostgresRehearsal {
    /// Runs something while a second connection watches the copy's locks.
    func watching(
        _ phase: LockTaken.Phase, _ copy: ScratchCopy, _ body: () async -> CommandOutcome
    ) async -> AppliedStep {
        let sampler = LockSampler(phase: phase, longest: session.timeout + .seconds(30))
        var command = session.script(sampler.script, on: copy.name.text)
        command.timeout = session.timeout + .seconds(60)
        let runner = session.runner
        let watching = command
        async let sampled = runner.run(watching)
        let isReady = await waitUntilWatching(copy)
        var applied = await AppliedStep(body)
        _ = try? await session.ask(LockSampler.stop, on: copy.name.text, "ending the sampling")
        let samples = await sampled
        do throws(RehearsalError) {
            guard samples.isSuccess else { throw RehearsalError("psql, for the locks", samples) }
            guard isReady else { throw RehearsalError("the lock sampler did not start in time") }
            applied.locks = try LockSampler.locks(samples.output)
            applied.locks = try merging(applied.locks, phase)
        } catch {
            applied.samplingFailure = error.description
        }
        return applied
    }

    private func waitUntilWatching(_ copy: ScratchCopy) async -> Bool {
        for _ in 0..<200 where !Task.isCancelled {
            let answer = try? await session.ask(
                LockSampler.isWatching, on: copy.name.text, "the sampler")
            if answer?.first == UInt8(ascii: "t") { return true }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return false
    }

    /// What the samples saw, and what only the transaction itself saw at its end.
    private func merging(
        _ sampled: [LockTaken], _ phase: LockTaken.Phase
    ) throws(RehearsalError) -> [LockTaken] {
        guard FileManager.default.fileExists(atPath: lastLook(phase)) else { return sampled }
        let atEnd = try LockSampler.locks(session.work.read("locks-\(phase.rawValue)"))
        let missed = atEnd.filter { lock in
            !sampled.contains { $0.mode == lock.mode && $0.relation == lock.relation }
        }
        return sampled + missed
    }
}
