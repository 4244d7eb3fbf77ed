import ArgumentParser

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Ride the release train.",
        subcommands: [TrainRunCommand.self, TrainStatusCommand.self, TrainAbortCommand.self])
}
