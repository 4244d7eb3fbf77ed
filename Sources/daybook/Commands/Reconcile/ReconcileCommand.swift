import ArgumentParser

struct ReconcileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile", abstract: "Compare the log with what happened outside.",
        subcommands: [ReconcileRunCommand.self, ReconcileExplainCommand.self],
        defaultSubcommand: ReconcileRunCommand.self)
}
