import BoringDeploy
import LedgerCore
import LedgerTesting
import Testing

@testable import Operations

@Suite("Reading git")
struct GitRepositoryTests {
    @Test("commits come newest first, whole, with their real authors")
    func log() async throws {
        let repository = try await GitFolder()
        try repository.folder.write(".mailmap", "Somebody <else@example.com> <ann@example.com>\n")
        let first = try await repository.commit("feat: a")
        let message = "fix: b\n\n%H \u{1F600} \"quoted\"\n\nRefs: 1\n"
        let second = try await repository.commit(message)
        let commits = try await repository.git.commits(of: second, since: nil)
        #expect(commits.map(\.id) == [second, first] && commits[0].parents == [first])
        #expect(commits[0].author == Identity(name: "Ann", email: "ann@example.com"))
        #expect(commits[0].message.hasPrefix(message))
        #expect(try await repository.git.commits(of: second, since: first).map(\.id) == [second])
        #expect(try await repository.git.commits(of: first, since: second).isEmpty)
    }

    @Test("releases are the tags with a version on commits that the revision contains")
    func tags() async throws {
        let repository = try await GitFolder()
        let first = try await repository.commit("a")
        try await repository.run("tag", "v1.0.0")
        try await repository.run("tag", "vnext")
        try await repository.run("tag", "w2.0.0")
        let second = try await repository.commit("b")
        try await repository.run("tag", "-a", "-m", "x", "v1.1.0-rc.1")
        let found = try await repository.git.releases(in: second, tagPrefix: "v")
        #expect(
            found == [
                KnownRelease(SemanticVersion(1, 0, 0), commit: first),
                KnownRelease(try SemanticVersion(parsing: "1.1.0-rc.1"), commit: second),
            ])
        #expect(try await repository.git.releases(in: first, tagPrefix: "v").count == 1)
    }

    @Test("migrations are the changed paths that match, with their contents' digests")
    func migrations() async throws {
        let repository = try await GitFolder()
        for name in ["a b.sql", "old.sql", "same.sql", "è.sql"] {
            try repository.folder.write(name, name)
        }
        let first = try await repository.commit("a")
        try repository.folder.write("a b.sql", "new\n")
        try repository.folder.write("notes.txt", "x")
        try await repository.run("rm", "--quiet", "old.sql")
        let second = try await repository.commit("b")
        let globs = [try PathGlob("*.sql")]
        let changed = try await repository.git.migrations(in: second, since: first, matching: globs)
        #expect(
            changed == [
                MigrationFile(path: "a b.sql", digest: SHA256.hash(Array("new\n".utf8))),
                MigrationFile(path: "old.sql", digest: nil),
            ])
        let all = try await repository.git.migrations(in: second, since: nil, matching: globs)
        #expect(all.map(\.path) == ["a b.sql", "same.sql", "è.sql"])
        #expect(all[2].digest == SHA256.hash(Array("è.sql".utf8)))
    }

    @Test("a tag is made once and never moved")
    func tagging() async throws {
        let repository = try await GitFolder()
        let first = try await repository.commit("a")
        let second = try await repository.commit("b")
        try await repository.git.tag(first, as: "v1.0.0", message: "m")
        try await repository.git.tag(first, as: "v1.0.0", message: "m")
        #expect(try await repository.run("cat-file", "-t", "v1.0.0") == "tag\n")
        await #expect(throws: GitError.self) {
            try await repository.git.tag(second, as: "v1.0.0", message: "m")
        }
    }

    @Test(
        "what is no revision is told",
        arguments: ["", "none", "--all", "-n", "HEAD~9", "HEAD:x", "HEAD\nHEAD"])
    func revisions(revision: String) async throws {
        let repository = try await GitFolder()
        try await repository.commit("a")
        let error = await #expect(throws: GitError.self) {
            try await repository.git.commit(revision)
        }
        #expect(error?.code == .noSuchRevision)
    }

    @Test("a shallow clone, and a folder without git, are told")
    func incomplete() async throws {
        let repository = try await GitFolder()
        try await repository.commit("a")
        try await repository.commit("b")
        let other = try TemporaryFolder()
        #expect(
            await #expect(throws: GitError.self) {
                try await GitRepository(other.path).commit("HEAD")
            }?.code == .unavailable)
        let clone = other.file("clone")
        try await repository.run(
            "clone", "--quiet", "--depth", "1", "file://\(repository.folder.path)", clone)
        #expect(
            await #expect(throws: GitError.self) { try await GitRepository(clone).commit("HEAD") }?
                .code == .incomplete)
    }
}
