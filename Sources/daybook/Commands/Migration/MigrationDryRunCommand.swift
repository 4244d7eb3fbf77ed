import ArgumentParser
import BoringDeploy
import EventSourcing
import Foundation
import LedgerCore
import Operations
import SQLiteStore

struct MigrationDryRunCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "dry-run",
        abstract: "Run a migration and its rollback on a scratch copy, and record what came of it.",
        discussion: """
            The database is only read. Up and down are files of SQL, or commands that find the copy by
            DAYBOOK_SCRATCH_URL (and DATABASE_URL, and the PG variables). Run it at the repository's top.
            Exit codes: 0 it passed, 1 it failed; both are recorded.

              daybook migration dry-run --release shop/1.5.0 --engine postgres --database postgresql:///shop \\
                --up migrations/7.up.sql --down migrations/7.down.sql --plan docs/rollback.md
              daybook migration dry-run --release shop/1.5.0 --engine sqlite --database shop.db \\
                --up ./migrate up --down ./migrate down --plan docs/rollback.md --file migrations/7.py
            """)

    @OptionGroup var writing: WritingOptions
    @OptionGroup var format: OutputOptions
    @OptionGroup var migration: MigrationOptions
    @OptionGroup var scratch: ScratchOptions

    func execute() async throws {
        let stream = try ReleaseName.stream(migration.release) { try Project().name }
        let cut = try await writing.withStore { try await $0.newestCut(of: stream) }
        let plan = try migration.plan(for: cut)
        let result = try await rehearse(plan)
        let now = try MigrationFiles.hashed(plan.files.map(\.path), deleted: plan.files)
        guard now == plan.files else {
            throw Failure(
                .badInput, "migration files changed while they were rehearsed; run it again")
        }
        let draft = try Self.draft(result.event, in: stream)
        let receipt = try await writing.withStore { store in
            try await store.append([draft], expecting: .any, attaching: result.attachments)
        }[0]
        try report(result.event, receipt)
        guard result.event.outcome == .passed else {
            try StandardOutput.flush()
            throw ArgumentParser.ExitCode(1)
        }
    }

    private func rehearse(_ plan: MigrationRehearsal.Plan) async throws -> MigrationRehearsal.Result
    {
        let runner = ExecCommandRunner()
        do {
            let work = try WorkFolder(in: scratch.folder)
            defer { work.remove() }
            let engine = try scratch.engine(in: work, runner)
            for copy in await engine.sweep() { Self.tell(copy) }
            let rehearsal = MigrationRehearsal(plan, on: engine, runner: runner)
            return try await Cancellation.cancelling {
                () async -> Result<MigrationRehearsal.Result, RehearsalError> in
                do throws(RehearsalError) {
                    return .success(try await rehearsal.run())
                } catch {
                    return .failure(error)
                }
            }.get()
        } catch {
            throw Failure(.unavailable, "\(error); nothing is recorded")
        }
    }

    private static func tell(_ copy: StaleCopy) {
        let what = copy.isDropped ? "is dropped" : "may be in use; to remove it: \(copy.remedy)"
        StandardError.write(
            "daybook: a scratch copy of an earlier run, \(copy.name), \(what)\n")
    }

    /// As `append` makes it, with the CI's facts.
    private static func draft(
        _ event: MigrationRehearsed, in stream: StreamName
    ) throws -> EventDraft {
        let data = CanonicalJSONWriter.bytes(of: event.data)
        let append = try AppendCommand.parse([
            "--type", MigrationRehearsed.definition.type.text, "--subject", stream.text,
            "--data", String(decoding: data, as: UTF8.self),
        ])
        return try SingleEvent(append).draft
    }

    private func report(_ event: MigrationRehearsed, _ receipt: Receipt) throws {
        switch format.output {
        case .json:
            try StandardOutput.writeLine(["data": event.data, "receipt": receipt.json])
        case .table: try Table.write(record: event.record(receipt))
        }
    }
}

extension MigrationRehearsed {
    fileprivate func record(_ receipt: Receipt) -> [(String, String)] {
        let different = tables.count { !$0.isSame }
        var rows: [(String, String)] = [
            ("outcome", outcome.rawValue), ("engine", engineVersion),
            ("schema", schema.isRestored ? "restored by the rollback" : "not restored"),
            ("tables", "\(tableCount) compared, \(different) differ"),
            ("up", "\(durations.up ?? 0) ms"), ("down", "\(durations.down ?? 0) ms"),
        ]
        for lock in locks.prefix(5) {
            rows.append(
                (
                    "lock",
                    "\(lock.mode) on \(lock.relation), \(lock.milliseconds) ms (\(lock.phase))"
                ))
        }
        if let linter { rows.append(("linter", linter.end)) }
        rows += reasons.map { ("reason", $0) }
        return rows + [("position", "\(receipt.position)"), ("hash", receipt.hash.hex)]
    }
}
