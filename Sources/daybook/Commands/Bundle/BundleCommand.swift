import ArgumentParser

struct BundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "Export evidence, and verify what was exported.",
        subcommands: [BundleExportCommand.self, BundleVerifyCommand.self])
}
