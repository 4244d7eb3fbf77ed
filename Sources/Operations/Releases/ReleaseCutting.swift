import BoringDeploy
import EventSourcing
import LedgerCore

/// Plans releases from git, and cuts them into a ledger: for the commands and for trains.
package struct ReleaseCutting: Sendable {
    let git: GitRepository
    /// A plan needs none.
    let project: String?
    let rules: ReleaseRules
    let globs: [PathGlob]

    /// - Throws: `badInput` if the configuration has a bad name for the project, or a bad glob.
    package init(_ configuration: Configuration, git: GitRepository) throws(ReleaseError) {
        if let project = configuration.project, !Self.isName(project) {
            throw ReleaseError(
                .badInput,
                "the project's name \"\(project)\" must be letters, digits, dots, hyphens and underscores"
            )
        }
        self.git = git
        project = configuration.project
        rules = configuration.releases
        var globs: [PathGlob] = []
        for pattern in configuration.gates.migrations.paths {
            do throws(GlobError) {
                globs.append(try PathGlob(pattern))
            } catch {
                throw ReleaseError(.badInput, "gates.migrations.paths: \(error)")
            }
        }
        self.globs = globs
    }

    /// What the next release would be; writes nothing.
    ///
    /// - Parameter cuts: Releases that a ledger knows, which need no tag.
    package func plan(
        _ request: ReleaseRequest, after cuts: [KnownRelease] = []
    ) async throws(ReleaseError) -> PlannedRelease {
        do throws(GitError) {
            let commit = try await git.commit(request.revision)
            return try await plan(request, of: commit, after: releases(in: commit, and: cuts))
        } catch {
            throw ReleaseError(error)
        }
    }

    /// The plan of the release that a commit *is*: what was tagged or cut there already is not taken
    /// for the release before, so that a job that runs again plans the same again.
    func planCut(
        _ request: ReleaseRequest, after cuts: [KnownRelease]
    ) async throws(ReleaseError) -> PlannedRelease {
        do throws(GitError) {
            let commit = try await git.commit(request.revision)
            let all = try await releases(in: commit, and: cuts)
            let isSameKind: (KnownRelease) -> Bool = { release in
                release.version.preRelease.first == request.options.preRelease.map { .word($0) }
            }
            let here = all.filter { $0.commit == commit && isSameKind($0) }
            let before = all.filter { release in
                !here.contains(release)
                    && !(release.commit == commit && here.contains { $0.version < release.version })
            }
            let planned = try await plan(request, of: commit, after: before)
            guard request.options.releaseAs == nil, let version = here.map(\.version).max(),
                planned.plan.version != version
            else { return planned }
            var request = request
            request.options.releaseAs = version.description
            return try await plan(request, of: commit, after: before)
        } catch {
            throw ReleaseError(error)
        }
    }

    private func plan(
        _ request: ReleaseRequest, of commit: String, after releases: [KnownRelease]
    ) async throws(GitError) -> PlannedRelease {
        let last = releases.filter { !$0.version.isPreRelease }.max { $0.version < $1.version }
        let commits = try await git.commits(of: commit, since: last?.commit)
        do throws(PlanError) {
            let plan = try ReleasePlan(
                ReleaseHistory(commits: commits, releases: releases), pulls: request.pulls,
                rules: rules, options: request.options)
            let previous = releases.first { $0.version == plan.previous }
            return PlannedRelease(
                plan: plan, commit: commit, previousCommit: previous?.commit)
        } catch {
            throw GitError(.conflict, error.description)
        }
    }

    /// By tags, and by cuts that this history contains.
    private func releases(
        in commit: String, and cuts: [KnownRelease]
    ) async throws(GitError) -> [KnownRelease] {
        var found = try await git.releases(in: commit, tagPrefix: rules.tagPrefix)
        // The newest are asked for first; below the newest release nothing counts any more.
        for cut in cuts.sorted(by: { $0.version > $1.version }) {
            if found.contains(where: { $0.version == cut.version }) { continue }
            // What this commit itself is says nothing about what came before.
            let last = found.filter { !$0.version.isPreRelease && $0.commit != commit }
                .map(\.version).max()
            if let last, cut.version < last { break }
            if try await git.contains(cut.commit, in: commit) { found.append(cut) }
        }
        return found
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || "._-".utf8.contains(byte)
            }
    }
}
