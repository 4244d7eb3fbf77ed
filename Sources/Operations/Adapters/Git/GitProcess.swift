import Subprocess

/// Runs git to its end and keeps its output: what the Git adapter needs of `CommandRunner` until it
/// is given the runner of the trains.
package struct GitProcess: CommandRunner {
    package init() {}

    package func run(_ command: Command) async -> CommandOutcome {
        guard let program = command.argv.first else {
            return CommandOutcome(.notStarted("no argv"))
        }
        let variables = command.variables.map { (Environment.Key(stringLiteral: $0), $1) }
        do {
            let result = try await Subprocess.run(
                .name(program), arguments: Arguments(Array(command.argv.dropFirst())),
                environment: .inherit.updating(
                    Dictionary(variables.map { ($0, Optional($1)) }) { $1 }),
                workingDirectory: command.folder.map { .init($0) },
                input: .array(command.input), output: .bytes(limit: command.mostOutput),
                error: .bytes(limit: 1 << 16))
            let end: CommandOutcome.End =
                switch result.terminationStatus {
                case .exited(let code): .exited(Int32(code))
                case .signaled(let signal): .signalled(Int32(signal))
                }
            return CommandOutcome(end, output: result.standardOutput, errors: result.standardError)
        } catch {
            return CommandOutcome(.notStarted("\(error)"))
        }
    }
}
