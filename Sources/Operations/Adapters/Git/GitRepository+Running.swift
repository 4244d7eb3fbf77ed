import BoringDeploy

extension GitRepository {
    /// Enough for a history of some hundred thousand commits.
    private static let mostOutput = 1 << 30

    func execute(_ arguments: [String], input: [UInt8] = []) async -> CommandOutcome {
        var command = Command(
            ["git", "-C", folder, "-c", "core.quotePath=false", "--no-pager"] + arguments)
        command.variables = [
            "LC_ALL": "C", "GIT_NO_REPLACE_OBJECTS": "1", "GIT_TERMINAL_PROMPT": "0",
            "GIT_OPTIONAL_LOCKS": "0",
        ]
        command.input = input
        command.mostOutput = Self.mostOutput
        return await runner.run(command)
    }

    func run(_ arguments: [String], input: [UInt8] = []) async throws(GitError) -> [UInt8] {
        let outcome = await execute(arguments, input: input)
        guard outcome.isSuccess else { throw Self.failure(arguments, outcome) }
        return outcome.output
    }

    static func failure(_ arguments: [String], _ outcome: CommandOutcome) -> GitError {
        GitError(
            .failed,
            "git \(arguments.first ?? "") failed (\(outcome.description)): \(firstLine(outcome))")
    }

    static func firstLine(_ outcome: CommandOutcome) -> String {
        let lines = text(outcome.errors).split(separator: "\n")
        return lines.first.map(String.init) ?? "it says nothing"
    }

    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// What NULs end.
    static func fields(_ bytes: [UInt8]) -> [String] {
        var fields: [String] = []
        bytes.withUnsafeBufferPointer { bytes in
            var start = 0
            while start < bytes.count {
                let end = bytes[start...].firstIndex(of: 0) ?? bytes.count
                fields.append(
                    String(
                        decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self))
                start = end + 1
            }
        }
        return fields
    }
}
