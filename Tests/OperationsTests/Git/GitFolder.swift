import BoringDeploy
import LedgerTesting

@testable import Operations

/// A real repository in a folder of its own.
struct GitFolder {
    let folder: TemporaryFolder
    let git: GitRepository

    init() async throws {
        folder = try TemporaryFolder()
        git = GitRepository(folder.path)
        try await run("init", "--quiet", "--initial-branch=main")
        try await run("config", "user.name", "Ann")
        try await run("config", "user.email", "ann@example.com")
        try await run("config", "commit.gpgSign", "false")
    }

    @discardableResult
    func run(_ arguments: String...) async throws -> String {
        String(decoding: try await git.run(arguments), as: UTF8.self)
    }

    /// Commits what is there, and gives the commit's id.
    @discardableResult
    func commit(_ message: String) async throws -> String {
        try await run("add", "--all")
        try await run("commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "-m", message)
        return try await git.commit("HEAD")
    }
}
