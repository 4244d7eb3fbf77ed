import ArgumentParser
import EventSourcing
import LedgerCore

struct AttachCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: "Keep a file beside the log, and print its digest.",
        discussion: """
            The digest is what an event names it by, in data.attachments; nothing in the log vouches for it before.

              daybook attach report.xml
            """)

    @OptionGroup var writing: WritingOptions
    @OptionGroup var format: OutputOptions

    @Argument(help: "The file; - for standard input.")
    var path: String

    func execute() async throws {
        let attachment = Attachment(try Files.read(path, atMost: Attachment.largest))
        try await writing.withStore { try await $0.attach(attachment) }
        switch format.output {
        case .json:
            try StandardOutput.writeLine([
                "digest": .string(attachment.digest.reference),
                "size": .number(Double(attachment.bytes.count)),
            ])
        case .table: try StandardOutput.write(attachment.digest.reference + "\n")
        }
    }
}
