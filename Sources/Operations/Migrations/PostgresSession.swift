import BoringDeploy
import LedgerCore

/// Runs PostgreSQL's own programs against one server.
struct PostgresSession: Sendable {
    let address: PostgresAddress
    let timeout: Duration
    let work: WorkFolder
    let runner: any CommandRunner

    /// Without anybody's ~/.psqlrc, unaligned, and stopping at the first error.
    static let psql = ["psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1"]

    func command(_ argv: [String], on database: String?) -> Command {
        var command = Command(argv)
        command.variables = database.map { address.naming($0) } ?? address.variables
        command.timeout = timeout
        command.secrets = ["PGPASSWORD"]
        return command
    }

    func script(_ sql: String, on database: String) -> Command {
        var command = command(Self.psql + ["-f", "-"], on: database)
        command.input = Array(sql.utf8)
        return command
    }

    /// One statement by itself; its answer must be short.
    func ask(
        _ sql: String, on database: String?, _ what: String
    ) async throws(RehearsalError) -> [UInt8] {
        try await run(command(Self.psql + ["-c", sql], on: database), what).output
    }

    @discardableResult
    func run(_ command: Command, _ what: String) async throws(RehearsalError) -> CommandOutcome {
        let outcome = await runner.run(command)
        guard outcome.isSuccess else {
            throw RehearsalError("\(command.argv.first ?? ""), for \(what)", outcome)
        }
        return outcome
    }
}
