import BoringDeploy

extension GitRepository {
    /// The releases that tags name: a prefix and a version, on commits that the given one contains, if
    /// one is given. Tags that name no version are somebody else's.
    package func releases(
        in commit: String? = nil, tagPrefix prefix: String
    ) async throws(GitError) -> [KnownRelease] {
        let output = try await run(
            ["for-each-ref"] + (commit.map { ["--merged=\($0)"] } ?? []) + [
                "--format=%(refname:strip=2)%00%(objectname)%00%(*objectname)%00%(*objecttype)%00",
                "refs/tags",
            ])
        // A line feed ends every line all the same; no name of a reference has one.
        let fields = Self.fields(output).map { $0.hasPrefix("\n") ? String($0.dropFirst()) : $0 }
        var releases: [KnownRelease] = []
        for start in stride(from: 0, to: fields.count - 3, by: 4) {
            let (tag, object, peeled) = (fields[start], fields[start + 1], fields[start + 2])
            guard tag.hasPrefix(prefix),
                let version = try? SemanticVersion(parsing: String(tag.dropFirst(prefix.count)))
            else { continue }
            // A tag may stand on a tag; git peels one.
            let commit = fields[start + 3] == "tag" ? try await self.commit(ofTag: tag) : peeled
            guard let commit else { continue }
            releases.append(KnownRelease(version, commit: commit.isEmpty ? object : commit))
        }
        return releases
    }

    /// The commit that a tag stands on; nil if there is no such tag.
    package func commit(ofTag tag: String) async throws(GitError) -> String? {
        let outcome = await execute(
            ["rev-parse", "--verify", "--quiet", "refs/tags/\(tag)^{commit}"])
        guard outcome.isSuccess else { return nil }
        return Self.text(outcome.output).split(separator: "\n").first.map(String.init)
    }

    /// Makes an annotated tag; one that stands on this commit already is left as it is.
    package func tag(
        _ commit: String, as tag: String, message: String
    ) async throws(GitError) {
        try await checkTag(tag, isFreeFor: commit)
        guard try await self.commit(ofTag: tag) == nil else { return }
        _ = try await run(["tag", "--annotate", "-m", message, tag, commit])
    }

    /// Throws a conflict if a tag stands on another commit.
    package func checkTag(_ tag: String, isFreeFor commit: String) async throws(GitError) {
        guard let other = try await self.commit(ofTag: tag), other != commit else { return }
        throw GitError(
            .conflict,
            "the tag \(tag) stands on \(other.prefix(7)), not on \(commit.prefix(7)); a tag is never moved"
        )
    }
}
