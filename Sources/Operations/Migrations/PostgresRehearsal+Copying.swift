import BoringDeploy
import Foundation

extension PostgresRehearsal {
    func restore(_ dump: String, to name: ScratchName) async throws(RehearsalError) {
        guard let handle = FileHandle(forReadingAtPath: dump) else {
            throw RehearsalError("there is no dump \(dump)")
        }
        let head = (try? handle.read(upToCount: 5)) ?? Data()
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: dump, isDirectory: &isFolder)
        let isArchive = isFolder.boolValue || head == Data("PGDMP".utf8) || dump.hasSuffix(".tar")
        _ = try await session.ask(
            "CREATE DATABASE \(name.text) TEMPLATE template0", on: settings.maintenance,
            "the scratch database")
        let argv =
            isArchive
            ? ["pg_restore", "--no-owner", "--exit-on-error", "-d", name.text, dump]
            : PostgresSession.psql + ["-o", "/dev/null", "-f", dump]
        try await session.run(session.command(argv, on: name.text), "restoring \(dump)")
    }

    /// What a command finds the copy by. DATABASE_URL too: a migration tool must not find another
    /// database by it.
    func variables(_ name: ScratchName) -> [String: String] {
        var variables = session.address.naming(name.text)
        let url = session.address.url(of: name.text, environment: environment)
        variables["DAYBOOK_SCRATCH"] = name.text
        variables["DAYBOOK_SCRATCH_URL"] = url
        variables["DATABASE_URL"] = url
        var options = variables["PGOPTIONS"] ?? environment["PGOPTIONS"] ?? ""
        if let time = settings.lockTimeout { options += " -c lock_timeout=\(time)" }
        if let time = settings.statementTimeout { options += " -c statement_timeout=\(time)" }
        if !options.isEmpty { variables["PGOPTIONS"] = options }
        return variables
    }
}
