import BoringDeploy
import Foundation
import LedgerCore

/// Rehearsals on PostgreSQL, through its own programs: the copy is made with
/// `CREATE DATABASE … TEMPLATE`, or is a restored dump.
package struct PostgresRehearsal: RehearsalEngine {
    package struct Settings: Sendable {
        /// As `PostgresAddress` reads it; empty for what the PG variables say.
        package var database = ""
        /// A dump to restore instead of the database as it is: of any format, or SQL.
        package var dump: String?
        /// A database to connect to while others are made.
        package var maintenance = "postgres"
        /// `lock_timeout` and `statement_timeout` of the migration's sessions, as `5s`.
        package var lockTimeout: String?
        package var statementTimeout: String?
        /// Whether files of SQL run in one transaction each.
        package var isOneTransaction = false

        package init() {}
    }

    package let engine = MigrationRehearsed.Engine.postgres
    let settings: Settings
    let environment: [String: String]
    let session: PostgresSession

    package init(
        _ settings: Settings, timeout: Duration, work: WorkFolder, runner: any CommandRunner,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(RehearsalError) {
        self.settings = settings
        self.environment = environment
        session = PostgresSession(
            address: try PostgresAddress(settings.database), timeout: timeout, work: work,
            runner: runner)
    }

    package func sweep() async -> [StaleCopy] {
        let list = "SELECT datname FROM pg_database WHERE datname LIKE 'daybook\\_scratch\\_%'"
        guard let found = try? await session.ask(list, on: settings.maintenance, "the databases")
        else { return [] }
        var stale: [StaleCopy] = []
        for line in String(decoding: found, as: UTF8.self).split(separator: "\n") {
            guard let name = ScratchName(String(line)), name.isInUse != true else { continue }
            var isDropped = false
            if name.isInUse == false { isDropped = (try? await drop(name)) != nil }
            stale.append(
                StaleCopy(name: name.text, isDropped: isDropped, remedy: "dropdb \(name.text)"))
        }
        return stale
    }

    package func copy(to name: ScratchName) async throws(RehearsalError) -> ScratchCopy {
        if let dump = settings.dump {
            try await restore(dump, to: name)
        } else {
            // The connection is gone before the copy starts: a template must not be in use.
            let answer = try await session.ask(
                "SELECT current_database()", on: nil, "the database's name")
            let database = String(decoding: answer.dropLast(), as: UTF8.self)
            let source = database.split(separator: "\"", omittingEmptySubsequences: false)
                .joined(separator: "\"\"")
            _ = try await session.ask(
                "CREATE DATABASE \(name.text) TEMPLATE \"\(source)\"", on: settings.maintenance,
                "the scratch copy of \(database) (while it is in use, give --dump instead)")
        }
        let version = try await session.ask(
            "SHOW server_version", on: settings.maintenance, "its version")
        let number = String(decoding: version, as: UTF8.self).split(separator: " ").first ?? ""
        return ScratchCopy(
            name: name,
            engineVersion: "PostgreSQL " + number.filter { !$0.isWhitespace },
            variables: variables(name))
    }

    package func schema(of copy: ScratchCopy) async throws(RehearsalError) -> [UInt8] {
        let argv = ["pg_dump", "--schema-only", "--no-owner", "-f", session.work.file("schema")]
        try await session.run(session.command(argv, on: copy.name.text), "the schema")
        return PostgresSchemaText.normalised(try session.work.read("schema"))
    }

    package func tables(of copy: ScratchCopy) async throws(RehearsalError) -> [TableSnapshot] {
        let answer = session.work.file("tables")
        let command = session.script(
            "\(PostgresQueries.readerSettings)\n\\o \(PostgresQueries.literal(answer))\n"
                + PostgresQueries.tables, on: copy.name.text)
        try await session.run(command, "the checksums")
        return try SnapshotReader.tables(session.work.read("tables"))
    }

    package func apply(
        _ step: MigrationStep, as phase: LockTaken.Phase, to copy: ScratchCopy
    ) async -> AppliedStep {
        var command: Command
        switch step {
        case .command(let argv): command = Command(argv)
        case .sql(let path, let bytes):
            if let line = PostgresScript.reconnection(in: bytes) {
                let why = "\(path):\(line) connects to another database; take that line out"
                return await AppliedStep { CommandOutcome(.notStarted(why)) }
            }
            command = sql(bytes, phase, to: copy)
        }
        command.variables = copy.variables
        command.timeout = session.timeout
        command.secrets = ["PGPASSWORD"]
        return await watching(phase, copy) { await session.runner.run(command) }
    }

    private func sql(
        _ bytes: [UInt8], _ phase: LockTaken.Phase, to copy: ScratchCopy
    ) -> Command {
        var argv = ["psql", "-X", "-v", "ON_ERROR_STOP=1", "-e"]
        var input = bytes
        if settings.isOneTransaction {
            argv.append("--single-transaction")
            let answer = PostgresQueries.literal(lastLook(phase))
            input += Array(
                """

                ;
                \\set ECHO none
                \\pset tuples_only on
                \\pset format unaligned
                \\o \(answer)
                \(LockSampler.lastLook(phase))
                \\o

                """.utf8)
        }
        var command = Command(argv + ["-f", "-"])
        command.input = input
        return command
    }

    func lastLook(_ phase: LockTaken.Phase) -> String {
        session.work.file("locks-\(phase.rawValue)")
    }

    package func drop(_ name: ScratchName) async throws(RehearsalError) {
        _ = try await session.ask(
            "DROP DATABASE IF EXISTS \(name.text) WITH (FORCE)", on: settings.maintenance,
            "dropping the scratch copy \(name.text)")
    }
}
