import ArgumentParser
import EventSourcing
import LedgerCore

struct CheckpointCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Print the newest signed tree head, a C2SP checkpoint.",
        discussion: """
            Keep it where whoever runs the ledger cannot change it: a ledger that was cut short or rewritten since then
            does not agree with it.

              daybook checkpoint > shop.checkpoint
              daybook verify --checkpoint shop.checkpoint
            """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var format: OutputOptions

    func execute() async throws {
        let note = try await ledger.openForReading().checkpoint()
        try format.write(note.description, named: "checkpoint")
    }
}

extension OutputOptions {
    /// A text in a format of its own: as it is, or as the one member of a JSON object.
    func write(_ text: String, named name: String) throws {
        switch output {
        case .table: try StandardOutput.write(text)
        case .json:
            var object = JSONObject()
            object[name] = .string(text)
            try StandardOutput.writeLine(.object(object))
        }
    }
}
