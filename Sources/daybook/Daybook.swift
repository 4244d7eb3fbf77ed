import ArgumentParser
import Foundation

/// The composition root: every command, and the way from an error to an exit code.
@main
struct Daybook: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "daybook",
        abstract: "The evidence ledger for boring deploys.",
        discussion: """
            Every event is one entry in an append-only, hash-chained log in one file, signed at every append.

              daybook init --ledger evidence.db --origin example.com/shop
              daybook append --ledger evidence.db --type release.cut \\
                --subject release/shop/1.5.0 --data '{"commit":"8f3c1d2"}'
              daybook verify --ledger evidence.db --key <verifier key>

            Every option --some-name can also be given as the variable DAYBOOK_SOME_NAME; the option comes first.
            Exit codes: 0 done, 1 failed, 10 gate refused, 11 verification failed, 12 conflict, 13 inconclusive, 14 rolled back, 64 usage, 65 bad input, 66 no such input,
            69 busy, 73 cannot create, 74 I/O, 77 not allowed.
            """,
        version: version,
        subcommands: [
            InitCommand.self, AppendCommand.self, LogCommand.self, ShowCommand.self,
            HeadCommand.self, CheckpointCommand.self, ProveCommand.self, VerifyCommand.self,
            AttachCommand.self, CatCommand.self, SealCommand.self, BackupCommand.self,
            RestoreCommand.self,
            ProjectionCommand.self, ConfigCommand.self, ReleaseCommand.self, TrainCommand.self,
            EnvironmentCommand.self,
            GateCommand.self, OverrideCommand.self, MigrationCommand.self, CanaryCommand.self,
            SLOCommand.self, BundleCommand.self, ReconcileCommand.self,
        ])

    static func main() async {
        do {
            let arguments = try EnvironmentArguments.completing(
                commandLine(), for: Self.self)
            var command = try parse(leafFirst: arguments)
            if let command = command as? any LedgerCommand {
                try await command.execute()
            } else {
                try command.run()
            }
            try StandardOutput.flush()
        } catch {
            leave(with: error)
        }
    }

    /// Swift replaces what is not UTF-8 by a sign of its own; evidence must not be changed on its
    /// way in.
    private static func commandLine() throws -> [String] {
        try (1..<Int(max(1, CommandLine.argc))).compactMap { CommandLine.unsafeArgv[$0] }.map {
            argument in
            let bytes = UnsafeBufferPointer(start: argument, count: strlen(argument))
            let text = bytes.withMemoryRebound(to: UInt8.self) {
                String(validating: $0, as: UTF8.self)
            }
            guard let text else {
                throw Failure(
                    .usage, "an argument is not valid UTF-8: \(String(cString: argument))")
            }
            return text
        }
    }

    /// Parses the named command by itself, which takes a third of the time that the parser needs
    /// for the tree of all of them. What does not parse goes through the tree, for its messages and
    /// its help.
    private static func parse(leafFirst arguments: [String]) throws -> any ParsableCommand {
        let (leaf, depth) = leaf(of: arguments)
        if depth > 0, let command = try? leaf.parse(Array(arguments.dropFirst(depth))) {
            return command
        }
        return try parseAsRoot(arguments)
    }

    /// The command that the first words name, and how many words that takes.
    static func leaf(
        of words: some Sequence<String>
    ) -> (command: any ParsableCommand.Type, depth: Int) {
        var (command, depth): (any ParsableCommand.Type, Int) = (Self.self, 0)
        for word in words {
            let next = command.configuration.subcommands.first {
                $0.configuration.commandName == word
            }
            guard let next else { break }
            (command, depth) = (next, depth + 1)
        }
        return (command, depth)
    }

    /// Says what went wrong and ends the process with its exit code.
    private static func leave(with error: any Error) -> Never {
        guard let failure = Failure(error) else { exit(withError: error) }
        try? StandardOutput.flush()
        if !failure.description.isEmpty { StandardError.write("daybook: \(failure)\n") }
        exit(withError: ArgumentParser.ExitCode(failure.code.rawValue))
    }
}

/// A command of the ledger. It runs on the main thread: a short process has no use for others, and
/// each costs a stack and a heap of its own.
protocol LedgerCommand: ParsableCommand {
    /// Options whose variables do not count with these arguments, for they mean something else
    /// then.
    static func ignoredVariables(with arguments: [String]) -> Set<String>

    func execute() async throws
}

extension LedgerCommand {
    static func ignoredVariables(with arguments: [String]) -> Set<String> { [] }
}
