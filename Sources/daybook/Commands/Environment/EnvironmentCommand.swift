import ArgumentParser
import BoringDeploy

struct EnvironmentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "environment", abstract: "Look at environments.",
        subcommands: [EnvironmentListCommand.self])
}

struct EnvironmentListCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List what runs where, and which train holds it.",
        discussion: "  daybook environment list")

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var format: OutputOptions

    func execute() async throws {
        try await ReadModel.list(
            EnvironmentsProjection(), ["environment", "release", "since", "holder"],
            members: ["release", "since", "holder"], key: "environment", ledger, format)
    }
}
