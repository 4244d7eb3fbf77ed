import ArgumentParser

struct MigrationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migration",
        abstract: "Try migrations out, and check that a release has its evidence.",
        subcommands: [MigrationDryRunCommand.self, MigrationCheckCommand.self])
}
