// What git prints, asked for so that nothing in a name or a message can be taken for something else:
// fields and records end with NUL, ids are whole, no colour, no configuration of the user's that changes
// what is shown. See git-log(1) "PRETTY FORMATS", git-for-each-ref(1), git-diff(1) `-z`.

import BoringDeploy

/// A git repository, read by running git. Each call is one process.
package struct GitRepository: Sendable {
    let runner: any CommandRunner
    let folder: String

    package init(_ folder: String = ".", runner: any CommandRunner = ExecCommandRunner()) {
        self.folder = folder
        self.runner = runner
    }

    /// The whole id of the commit that a revision names.
    package func commit(_ revision: String) async throws(GitError) -> String {
        guard !revision.isEmpty, !revision.hasPrefix("-") else {
            throw GitError(.noSuchRevision, "\"\(revision)\" is no revision")
        }
        let outcome = await execute(
            ["rev-parse", "--is-shallow-repository", "--verify", "--quiet", "\(revision)^{commit}"])
        if case .notStarted(let why) = outcome.end {
            throw GitError(.unavailable, "git could not be started: \(why)")
        }
        let lines = Self.text(outcome.output).split(separator: "\n").map(String.init)
        guard let shallow = lines.first else {
            throw GitError(
                .unavailable, "\(folder) is not in a git repository (\(Self.firstLine(outcome)))")
        }
        guard lines.count == 2, outcome.isSuccess else {
            throw GitError(.noSuchRevision, "there is no revision \"\(revision)\" in \(folder)")
        }
        guard shallow == "false" else {
            throw GitError(
                .incomplete,
                "\(folder) is a shallow clone, so commits and tags may be missing; run git fetch "
                    + "--unshallow --tags, or give the checkout step fetch-depth: 0")
        }
        return lines[1]
    }

    /// The commits that one has and another has not, each before its parents; with authors as the
    /// commits have them, whatever a .mailmap says.
    package func commits(
        of commit: String, since old: String?
    ) async throws(GitError) -> [Commit] {
        let range = old.map { "\($0)..\(commit)" } ?? commit
        let output = try await run([
            "log", "--topo-order", "-z", "--no-color", "--no-show-signature", "--no-mailmap",
            "--no-decorate", "--no-notes", "--encoding=UTF-8",
            "--format=tformat:%H%x00%P%x00%an%x00%ae%x00%B", range, "--",
        ])
        let fields = Self.fields(output)
        guard fields.count % 5 == 0 else {
            throw GitError(.failed, "git log printed \(fields.count) fields, not five a commit")
        }
        return stride(from: 0, to: fields.count, by: 5).map { start in
            Commit(
                id: fields[start],
                parents: fields[start + 1].split(separator: " ").map(String.init),
                author: Identity(
                    name: fields[start + 2].isEmpty ? nil : fields[start + 2],
                    email: fields[start + 3].isEmpty ? nil : fields[start + 3]),
                message: fields[start + 4])
        }
    }

    /// Whether a commit is here at all.
    package func has(_ commit: String) async -> Bool {
        await execute(["cat-file", "-e", "\(commit)^{commit}"]).isSuccess
    }

    /// Whether a commit has another below it, or is it.
    package func contains(_ old: String, in commit: String) async throws(GitError) -> Bool {
        let outcome = await execute(["merge-base", "--is-ancestor", old, commit])
        // 128: the ledger may know commits that this clone has not.
        switch outcome.end {
        case .exited(0): return true
        case .exited(1), .exited(128): return false
        default: throw Self.failure(["merge-base"], outcome)
        }
    }

    /// Who git takes for the committer here.
    package func user() async throws(GitError) -> Identity? {
        let outcome = await execute(["config", "--null", "--get-regexp", "^user\\.(name|email)$"])
        guard outcome.isSuccess else { return nil }
        var identity = Identity()
        for entry in Self.fields(outcome.output) {
            let parts = entry.split(separator: "\n", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { continue }
            if parts[0] == "user.name" { identity.name = parts[1] }
            if parts[0] == "user.email" { identity.email = parts[1] }
        }
        return identity == Identity() ? nil : identity
    }
}
