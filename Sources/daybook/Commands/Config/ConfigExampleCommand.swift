import ArgumentParser
import Operations

struct ConfigExampleCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "example", abstract: "Print a complete daybook.yaml with comments.",
        discussion: "  daybook config example > daybook.yaml")

    func execute() throws { try StandardOutput.write(ConfigurationExample.text) }
}
