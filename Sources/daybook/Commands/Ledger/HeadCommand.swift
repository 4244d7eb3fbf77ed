import ArgumentParser
import EventSourcing
import LedgerCore

struct HeadCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "head", abstract: "Show how long the log is and what it ends with.",
        discussion: "  daybook head -o json")

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var format: OutputOptions

    func execute() async throws {
        let head = try await ledger.openForReading().head()
        switch format.output {
        case .json:
            try StandardOutput.writeLine([
                "origin": .string(head.origin.text), "size": .number(Double(head.size.value)),
                "root": .string(head.root.hex), "hash": .string(head.hash.hex),
            ])
        case .table:
            try Table.write(record: [
                ("origin", head.origin.text), ("size", "\(head.size)"), ("root", head.root.hex),
                ("hash", head.hash.hex),
            ])
        }
    }
}
