import ArgumentParser

struct ReleaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Plan, cut, approve and look at releases.",
        subcommands: [
            ReleasePlanCommand.self, ReleaseCutCommand.self, ReleaseApproveCommand.self,
            ReleaseRevokeCommand.self, ReleaseListCommand.self, ReleaseStatusCommand.self,
            ReleaseRollbackCommand.self, ReleaseNotesCommand.self,
        ])
}
