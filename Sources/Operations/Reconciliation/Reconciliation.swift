import BoringDeploy
import EventSourcing
import LedgerCore

/// Compares the log with what happened outside: git, the CI's runs, a registry's artifacts.
package struct Reconciliation: Sendable {
    private let log: any EventStore
    private let models: any ReadModelStore
    private let project: String
    private let rules: ReleaseRules

    package init(
        log: any EventStore, models: any ReadModelStore, project: String, rules: ReleaseRules
    ) {
        self.log = log
        self.models = models
        self.project = project
        self.rules = rules
    }

    /// The world outside, as far as it is known.
    package struct Outside: Sendable {
        /// Nil to leave git out.
        package var git: GitRepository?
        /// What the CI lists; without it the log's own numbers are searched for gaps.
        package var runs: Set<Int>?
        /// The workflow that `runs` are of; nil if the log knows one only.
        package var workflow: String?
        /// What a registry lists, with names.
        package var artifacts: [Digest: String]?

        package init() {}
    }

    package func results(_ outside: Outside) async throws -> [Reconciled] {
        var results: [Reconciled] = []
        let cuts = try await cuts(in: log)
        if let git = outside.git { results += try await compare(cuts, with: git) }
        results += try await runs(outside)
        if let artifacts = outside.artifacts {
            var known: [Digest: String] = [:]
            for cut in cuts {
                for artifact in cut.payload.artifacts {
                    known[artifact.digest] = cut.payload.version
                }
            }
            results.append(ArtifactReconciliation.compare(artifacts, with: known))
        }
        return results
    }

    // MARK: Git

    /// The newest cut of each version.
    private struct KnownCut {
        let payload: ReleaseCut
        let cut: ReleaseReconciliation.Cut
    }

    private func cuts(in store: some EventStore) async throws -> [KnownCut] {
        let reader = CutReader(store)
        let promoted = Set(try await log.streams(with: ReleasePromoted.definition.type))
        var cuts: [KnownCut] = []
        for recorded in try await reader.newestOfEach(project) {
            guard let version = try? SemanticVersion(parsing: recorded.cut.version) else {
                continue
            }
            let stream = StreamName.release(project, recorded.cut.version)
            let changes = try await reader.changes(of: recorded.cut).map(\.commit)
            cuts.append(
                KnownCut(
                    payload: recorded.cut,
                    cut: ReleaseReconciliation.Cut(
                        version: version, commit: recorded.cut.commit, changes: Set(changes),
                        isPromoted: promoted.contains(stream))))
        }
        // In the order in which they were recorded.
        return cuts
    }

    private func compare(
        _ cuts: [KnownCut], with git: GitRepository
    ) async throws -> [Reconciled] {
        _ = try await git.commit("HEAD")
        let tags = try await git.releases(tagPrefix: rules.tagPrefix)
        var commits = Dictionary(
            tags.map { ($0.version.description, $0.commit) },
            uniquingKeysWith: { first, _ in first })
        for cut in cuts { commits[cut.payload.version] = cut.payload.commit }
        // What was released before the first cut was never to be in this log.
        var before: Set<SemanticVersion> = []
        if let start = cuts.first?.payload.previous.flatMap({ commits[$0] }),
            await git.has(start)
        {
            before = Set(
                try await git.releases(in: start, tagPrefix: rules.tagPrefix).map(\.version))
        }
        var results = [
            ReleaseReconciliation.tags(
                tags.filter { !before.contains($0.version) }, prefix: rules.tagPrefix,
                cuts.map(\.cut), isTagged: !tags.isEmpty)
        ]
        results += cuts.compactMap { known in
            guard let previous = known.payload.previous,
                let before = try? SemanticVersion(parsing: previous), before >= known.cut.version
            else { return nil }
            return ReleaseReconciliation.backwards(known.cut, after: previous)
        }
        for known in cuts {
            guard await git.has(known.payload.commit) else {
                results.append(ReleaseReconciliation.lost(known.cut))
                continue
            }
            let previous = known.payload.previous.flatMap { commits[$0] }
            // Where the release before cannot be found, nobody can say what this one brought.
            if known.payload.previous != nil {
                guard let previous, await git.has(previous) else {
                    results.append(ReleaseReconciliation.rootless(known.cut))
                    continue
                }
            }
            results.append(
                ReleaseReconciliation.commits(
                    known.cut,
                    in: try await git.commits(of: known.payload.commit, since: previous)))
        }
        return results
    }

    // MARK: CI

    private func runs(_ outside: Outside) async throws -> [Reconciled] {
        let projection = RunsProjection()
        try await ProjectionRunner(log: log, models: models).catchUp(projection)
        var known: [RunReconciliation.Workflow: Set<Int>] = [:]
        for (_, document) in try await models.allDocuments(of: projection.name) {
            guard let (workflow, numbers) = RunsProjection.runs(in: document) else { continue }
            known[workflow] = numbers
        }
        let named = known.filter { workflow, _ in
            outside.workflow.map { [workflow.name, workflow.text].contains($0) } ?? true
        }
        if outside.runs == nil, let name = outside.workflow, named.isEmpty {
            let names = known.keys.map(\.text).sorted().joined(separator: ", ")
            throw ReleaseError(
                .badInput,
                "the log knows no workflow \(name); there \(known.isEmpty ? "are none" : "are: \(names)")"
            )
        }
        guard let list = outside.runs else {
            return named.sorted { $0.key < $1.key }.map {
                RunReconciliation.gaps($0.value, of: $0.key)
            }
        }
        guard named.count <= 1 else {
            let names = Set(named.keys.map(\.text)).sorted().joined(separator: ", ")
            throw ReleaseError(
                .badInput, "several workflows match; name one in full with --workflow: \(names)")
        }
        let workflow =
            named.first?.key
            ?? RunReconciliation.Workflow(
                provider: "", source: "", name: outside.workflow ?? "the list")
        return [RunReconciliation.compare(named.first?.value ?? [], with: list, of: workflow)]
    }
}
