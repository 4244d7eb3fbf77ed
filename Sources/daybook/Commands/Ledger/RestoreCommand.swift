import ArgumentParser
import EventSourcing
import LedgerCore
import SQLiteStore

struct RestoreCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put a backup in the place of a lost or damaged ledger.",
        discussion: """
            Stop what appends first. The backup is verified and copied; what stands in its place is moved
            aside, never deleted. Entries from after the backup are gone: whoever kept a receipt or a
            checkpoint since then will notice, as they must.

              daybook restore /backup/evidence-2026-01-31.db --ledger evidence.db
            """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var format: OutputOptions

    @Argument(help: "The backup.")
    var backup: String

    func execute() throws {
        let file = try ledger.file()
        let (report, replaced) = try file.restore(
            from: LedgerFile(backup), patience: .seconds(30))
        switch format.output {
        case .json:
            try StandardOutput.writeLine([
                "ledger": .string(file.path), "size": .number(Double(report.size.value)),
                "root": report.root.map { .string($0.hex) } ?? .null,
                "replaced": replaced.map { .string($0.path) } ?? .null,
            ])
        case .table:
            try Table.write(record: [
                ("ledger", file.path), ("size", "\(report.size)"),
                ("root", report.root?.hex ?? "unknown"), ("replaced", replaced?.path ?? "nothing"),
            ])
        }
    }
}
