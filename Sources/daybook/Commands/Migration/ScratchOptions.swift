import ArgumentParser
import BoringDeploy
import Foundation
import Operations

extension MigrationRehearsed.Engine: ExpressibleByArgument {}

/// What it is rehearsed on.
struct ScratchOptions: ParsableArguments {
    @Option(help: "postgres or sqlite.")
    var engine: MigrationRehearsed.Engine

    @Option(
        help: """
            The database to copy: a file, or a PostgreSQL URL, connection string or name. \
            Else, for PostgreSQL: what the PG variables say.
            """)
    var database: String?

    @Option(
        help: ArgumentHelp(
            "Restore a PostgreSQL dump instead of copying the database.", valueName: "file"))
    var dump: String?

    @Option(help: "A PostgreSQL database to connect to while the copy is made.")
    var maintenance: String = "postgres"

    @Option(help: "PostgreSQL's lock_timeout for the migration, as 5s.")
    var lockTimeout: String?

    @Option(help: "PostgreSQL's statement_timeout for the migration, as 1min.")
    var statementTimeout: String?

    @Flag(help: "Run each file of SQL in one PostgreSQL transaction, as its deployment will.")
    var singleTransaction = false

    @Option(
        help: ArgumentHelp("Where scratch files go. Else: $TMPDIR, or /tmp.", valueName: "folder"))
    var scratch: String?

    @Option(help: "How many seconds each of up and down may take.")
    var timeout: Int = 3600

    func validate() throws {
        guard (1...604_800).contains(timeout) else {
            throw ValidationError("--timeout is a number of seconds from 1 to 604800")
        }
        switch engine {
        case .sqlite:
            guard database != nil, dump == nil else {
                throw ValidationError("SQLite needs a --database FILE, and no --dump")
            }
        case .postgres:
            let times = [lockTimeout, statementTimeout].compactMap { $0 }
            guard times.allSatisfy({ $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } })
            else { throw ValidationError("time-outs are given as 5s, 500ms or 1min") }
        }
    }

    var folder: String {
        var folder = scratch ?? NSTemporaryDirectory()
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        return folder.hasPrefix("/")
            ? folder : "\(FileManager.default.currentDirectoryPath)/\(folder)"
    }

    func engine(
        in work: WorkFolder, _ runner: any CommandRunner
    ) throws(RehearsalError) -> any RehearsalEngine {
        let timeout = Duration.seconds(timeout)
        switch engine {
        case .sqlite:
            return SQLiteRehearsal(
                database: database ?? "", scratchFolder: folder, timeout: timeout, work: work,
                runner: runner)
        case .postgres:
            var settings = PostgresRehearsal.Settings()
            settings.database = database ?? ""
            settings.dump = dump
            settings.maintenance = maintenance
            settings.lockTimeout = lockTimeout
            settings.statementTimeout = statementTimeout
            settings.isOneTransaction = singleTransaction
            return try PostgresRehearsal(settings, timeout: timeout, work: work, runner: runner)
        }
    }
}
