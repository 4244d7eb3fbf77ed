import BoringDeploy
import Foundation
import LedgerCore

/// Rehearsals on SQLite files, through the `sqlite3` command.
///
/// The copy is made by its online backup, so that the database may be in use. SQLite locks whole
/// files; there are no locks of relations to tell of.
package struct SQLiteRehearsal: RehearsalEngine {
    package let engine = MigrationRehearsed.Engine.sqlite
    private let database: String
    /// Where the scratch copies are made.
    private let folder: String
    private let timeout: Duration
    private let runner: any CommandRunner
    private let work: WorkFolder

    package init(
        database: String, scratchFolder: String, timeout: Duration, work: WorkFolder,
        runner: any CommandRunner
    ) {
        self.database = database
        folder = scratchFolder
        self.timeout = timeout
        self.work = work
        self.runner = runner
    }

    package func sweep() async -> [StaleCopy] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.compactMap { file in
            let stem = file.hasSuffix(".db") ? String(file.dropLast(3)) : file
            guard let name = ScratchName(stem), name.isInUse != true, file.hasSuffix(".db") else {
                return nil
            }
            if name.isInUse == false { remove(name) }
            return StaleCopy(
                name: path(name), isDropped: name.isInUse == false, remedy: "rm \(path(name))")
        }
    }

    package func copy(to name: ScratchName) async throws(RehearsalError) -> ScratchCopy {
        guard FileManager.default.fileExists(atPath: database) else {
            throw RehearsalError("there is no database \(database)")
        }
        let target = path(name)
        guard !target.contains("'") else {
            throw RehearsalError("a scratch folder must not have an apostrophe in it: \(folder)")
        }
        let source = database.hasPrefix("/") ? database : "./\(database)"
        _ = try await sqlite3(["-readonly", source, ".backup '\(target)'"], "the backup")
        let version = try await sqlite3([":memory:", "SELECT sqlite_version()"], "its version")
        let number = String(decoding: version.output, as: UTF8.self).split(separator: "\n").first
        return ScratchCopy(
            name: name, engineVersion: "SQLite \(number ?? "")",
            variables: [
                "DAYBOOK_SCRATCH": target, "DAYBOOK_SCRATCH_URL": "sqlite://\(target)",
                "DATABASE_URL": "sqlite://\(target)",
            ])
    }

    package func schema(of copy: ScratchCopy) async throws(RehearsalError) -> [UInt8] {
        let bytes = try await query(SQLiteQueries.schema, of: copy, "the schema")
        return try SQLiteSchemaText.normalised(bytes)
    }

    package func tables(of copy: ScratchCopy) async throws(RehearsalError) -> [TableSnapshot] {
        let columns = try await query(SQLiteQueries.columns, of: copy, "the columns")
        let statements = SQLiteQueries.checksums(of: try SQLiteQueries.read(columns: columns))
        guard !statements.isEmpty else { return [] }
        return try SnapshotReader.tables(await query(statements, of: copy, "the checksums"))
    }

    package func apply(
        _ step: MigrationStep, as phase: LockTaken.Phase, to copy: ScratchCopy
    ) async -> AppliedStep {
        var command: Command
        switch step {
        case .command(let argv):
            command = Command(argv)
        case .sql(_, let bytes):
            // Safe mode refuses what would open other files than the copy.
            command = Command(Self.program + ["-safe", "-bail", path(copy.name)])
            command.input = bytes
        }
        command.variables = copy.variables
        command.timeout = timeout
        let ready = command
        return await AppliedStep { await runner.run(ready) }
    }

    package func drop(_ name: ScratchName) async throws(RehearsalError) {
        remove(name)
        if FileManager.default.fileExists(atPath: path(name)) {
            throw RehearsalError("\(path(name)) cannot be removed")
        }
    }

    private func remove(_ name: ScratchName) {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            try? FileManager.default.removeItem(atPath: path(name) + suffix)
        }
    }

    private func path(_ name: ScratchName) -> String { "\(folder)/\(name.text).db" }

    /// Without anybody's ~/.sqliterc.
    private static let program = ["sqlite3", "-batch", "-init", "/dev/null"]

    private func sqlite3(
        _ arguments: [String], _ what: String
    ) async throws(RehearsalError) -> CommandOutcome {
        var command = Command(Self.program + arguments)
        command.timeout = timeout
        let outcome = await runner.run(command)
        guard outcome.isSuccess else {
            throw RehearsalError("sqlite3, for \(what) of \(database)", outcome)
        }
        return outcome
    }

    /// The answer goes through a file: a runner keeps only so much of what is printed.
    private func query(
        _ sql: String, of copy: ScratchCopy, _ what: String
    ) async throws(RehearsalError) -> [UInt8] {
        var command = Command(Self.program + ["-bail", "-readonly", path(copy.name)])
        command.folder = work.path
        command.input = Array((".output answer\n" + sql + "\n").utf8)
        command.timeout = timeout
        let outcome = await runner.run(command)
        guard outcome.isSuccess else {
            throw RehearsalError("sqlite3, for \(what) of the scratch copy", outcome)
        }
        return try work.read("answer")
    }
}
