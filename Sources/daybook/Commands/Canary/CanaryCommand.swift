import ArgumentParser

struct CanaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "canary", abstract: "Judge canaries, and judge them again.",
        subcommands: [CanaryJudgeCommand.self, CanaryReplayCommand.self, CanaryReportCommand.self])
}
