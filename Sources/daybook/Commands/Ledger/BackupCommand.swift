import ArgumentParser
import EventSourcing
import LedgerCore
import SQLiteStore

struct BackupCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the ledger while it is in use, and verify the copy.",
        discussion: """
            The copy is an ordinary ledger: to restore, put it in the place of the lost one. Whoever kept a receipt or a
            checkpoint from after the backup will notice that the newer entries are gone.

              daybook backup /backup/evidence-2026-01-31.db
            """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var format: OutputOptions

    @Argument(help: "The new file; never overwritten.")
    var path: String

    func execute() throws {
        var bar = ProgressBar("verifying", total: 1000)
        let report = try ledger.file().backUp(to: path) { done, total in
            bar.advance(to: Int(Double(done) / Double(max(total, 1)) * 1000))
        }
        bar.finish()
        switch format.output {
        case .json:
            try StandardOutput.writeLine([
                "backup": .string(path), "size": .number(Double(report.size.value)),
                "root": report.root.map { .string($0.hex) } ?? .null,
            ])
        case .table:
            try Table.write(record: [
                ("backup", path), ("size", "\(report.size)"),
                ("root", report.root?.hex ?? "unknown"),
            ])
        }
    }
}
