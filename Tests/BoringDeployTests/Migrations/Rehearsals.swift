import BoringDeploy
import LedgerCore

/// Rehearsals to start from.
enum Rehearsals {
    static func digest(_ text: String) -> Digest { SHA256.hash(Array(text.utf8)) }

    static func file(_ path: String, _ content: String = "") -> MigrationFile {
        MigrationFile(path: path, digest: digest(content))
    }

    static func of(
        _ files: [MigrationFile], down: MigrationSide = .command(["./migrate", "down"]),
        _ outcome: MigrationRehearsed.Outcome = .passed
    ) -> MigrationRehearsed {
        var rehearsed = MigrationRehearsed(
            engine: .postgres, engineVersion: "PostgreSQL 15.18", files: files,
            up: .command(["./migrate", "up"]), down: down, plan: digest("plan"))
        rehearsed.outcome = outcome
        rehearsed.reasons = outcome == .passed ? [] : ["the rollback loses data"]
        return rehearsed
    }

    static func table(
        _ name: String, rows: Int = 3, _ checksum: String = "1", _ columns: [String: String] = [:]
    ) -> TableSnapshot {
        TableSnapshot(name: name, rows: rows, checksum: checksum, columns: columns)
    }
}
