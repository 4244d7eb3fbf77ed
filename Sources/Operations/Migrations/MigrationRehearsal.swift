import BoringDeploy
import EventSourcing
import LedgerCore

/// Rehearses a migration: scratch copy → schema and checksums → up → schema → down → schema and
/// checksums → comparison. The scratch copy is dropped whatever happens.
package struct MigrationRehearsal: Sendable {
    package struct Plan: Sendable {
        package var files: [MigrationFile]
        package var up: MigrationStep
        package var down: MigrationStep
        package var rollbackPlan: [UInt8]
        /// A linter's argv; the files' paths follow.
        package var linter: [String] = []
        package var linterBlocks = false

        package init(
            files: [MigrationFile], up: MigrationStep, down: MigrationStep, rollbackPlan: [UInt8]
        ) {
            self.files = files
            self.up = up
            self.down = down
            self.rollbackPlan = rollbackPlan
        }
    }

    package struct Result: Sendable {
        package var event: MigrationRehearsed
        /// Every one is named by the event.
        package var attachments: [Attachment]
    }

    private let plan: Plan
    private let engine: any RehearsalEngine
    private let runner: any CommandRunner

    package init(_ plan: Plan, on engine: any RehearsalEngine, runner: any CommandRunner) {
        self.plan = plan
        self.engine = engine
        self.runner = runner
    }

    /// - Throws: what was in the way of a rehearsal at all: no copy could be made, or it could not be
    ///   dropped. A migration that fails is a result.
    package func run() async throws(RehearsalError) -> Result {
        var record = RehearsalRecord(plan, engine.engine)
        await lint(&record)
        let name = ScratchName.make()
        do throws(RehearsalError) {
            let clock = ContinuousClock()
            let start = clock.now
            let copy = try await engine.copy(to: name)
            record.event.engineVersion = copy.engineVersion
            record.event.durations.copy = (clock.now - start).milliseconds
            try await rehearse(on: copy, &record)
        } catch {
            try? await drop(name)
            throw error
        }
        try await drop(name)
        return record.finished()
    }

    /// Also when the rehearsal was cancelled: a task of its own is not.
    private func drop(_ name: ScratchName) async throws(RehearsalError) {
        let engine = engine
        let dropping = Task { () async -> RehearsalError? in
            do throws(RehearsalError) { try await engine.drop(name) } catch { return error }
            return nil
        }
        if let error = await dropping.value { throw error }
    }

    private func lint(_ record: inout RehearsalRecord) async {
        guard !plan.linter.isEmpty else { return }
        let present = plan.files.filter { $0.digest != nil }.map(\.path)
        let outcome = await runner.run(Command(plan.linter + present))
        record.keep("linter", outcome)
        record.event.linter = LinterReport(
            argv: plan.linter, end: outcome.description, isClean: outcome.isSuccess,
            blocks: plan.linterBlocks)
    }

    private func rehearse(
        on copy: ScratchCopy, _ record: inout RehearsalRecord
    ) async throws(RehearsalError) {
        let before = try await schema("before", copy, &record)
        record.event.schema.before = before
        record.before = try await engine.tables(of: copy)
        guard try await apply(plan.up, as: .up, copy, &record) else { return }
        record.event.schema.afterUp = try await schema("after-up", copy, &record)
        if record.event.schema.afterUp == before {
            record.afterUp = try await engine.tables(of: copy)
        }
        guard try await apply(plan.down, as: .down, copy, &record) else { return }
        record.event.schema.afterDown = try await schema("after-down", copy, &record)
        record.after = try await engine.tables(of: copy)
    }

    private func schema(
        _ moment: String, _ copy: ScratchCopy, _ record: inout RehearsalRecord
    ) async throws(RehearsalError) -> Digest {
        let text = Attachment(try await engine.schema(of: copy))
        record.keep("schema-\(moment)", text)
        return text.digest
    }

    /// Whether it ran to its end.
    private func apply(
        _ step: MigrationStep, as phase: LockTaken.Phase, _ copy: ScratchCopy,
        _ record: inout RehearsalRecord
    ) async throws(RehearsalError) -> Bool {
        let applied = await engine.apply(step, as: phase, to: copy)
        let took = applied.took.milliseconds
        guard !Task.isCancelled else { throw RehearsalError("interrupted") }
        switch phase {
        case .up: record.event.durations.up = took
        case .down: record.event.durations.down = took
        }
        record.keep(phase.rawValue, applied.outcome)
        record.locks += applied.locks
        if let failure = applied.samplingFailure { record.failures.append(failure) }
        guard applied.outcome.isSuccess else {
            let name = phase == .up ? "the migration" : "the rollback"
            record.failures.append(RehearsalError(name, applied.outcome).description)
            return false
        }
        return true
    }
}

extension Duration {
    fileprivate var milliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
