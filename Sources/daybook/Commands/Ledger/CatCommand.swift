import ArgumentParser
import EventSourcing
import LedgerCore

struct CatCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "cat", abstract: "Print the bytes of an attachment.",
        discussion:
            "  daybook cat sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae")

    @OptionGroup var ledger: LedgerOptions

    @Argument(help: "Its digest: 64 hexadecimal digits, with or without sha256: before them.")
    var digest: String

    func execute() async throws {
        guard let wanted = Digest(reference: digest) ?? Digest(hex: digest.lowercased()) else {
            throw Failure(.usage, "\"\(digest)\" is no digest: give 64 hexadecimal digits")
        }
        let store = try ledger.openForReading()
        guard let attachment = try await store.attachment(wanted) else {
            throw Failure(.noInput, "the ledger holds no attachment \(wanted.reference)")
        }
        try StandardOutput.write(attachment.bytes)
    }
}
