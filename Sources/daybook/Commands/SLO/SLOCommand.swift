import ArgumentParser
import BoringDeploy
import Operations

struct SLOCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "slo",
        abstract: "Read objectives (OpenSLO v1), and make Prometheus' rules of them.",
        subcommands: [
            SLOCheckCommand.self, SLORulesCommand.self, SLOStatusCommand.self, SLOAlertCommand.self,
        ])
}

/// The objectives that a command is about.
struct SLOOptions: ParsableArguments {
    @Argument(help: "OpenSLO files. Else those that daybook.yaml names under services.")
    var files: [String] = []

    func levels() throws -> [ServiceLevel] {
        guard files.isEmpty else {
            return try Self.unique(files.flatMap { try OpenSLOFile(path: $0).levels })
        }
        guard let file = try ConfigurationFile.nearest() else {
            throw Failure(.noInput, "there is no daybook.yaml here or above; name OpenSLO files")
        }
        let levels = try file.objectives().flatMap(\.levels)
        guard !levels.isEmpty else {
            throw Failure(
                .badInput, "\(file.path) names no OpenSLO files; add slos: [FILE] to a service")
        }
        return try Self.unique(levels)
    }

    private static func unique(_ levels: [ServiceLevel]) throws -> [ServiceLevel] {
        var names: Set<String> = []
        for level in levels where !names.insert(level.name).inserted {
            throw Failure(.badInput, "two SLOs are called \(level.name); rename one of them")
        }
        return levels
    }
}
