import ArgumentParser

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check daybook.yaml, or print a complete example.",
        subcommands: [ConfigCheckCommand.self, ConfigExampleCommand.self])
}
