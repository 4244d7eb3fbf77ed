import LedgerCore

/// Releases as git and as the log have them.
package enum ReleaseReconciliation {
    /// A release as the log has it.
    package struct Cut: Sendable {
        package let version: SemanticVersion
        package let commit: String
        /// Of the commits that it says it brings.
        package let changes: Set<String>
        package let isPromoted: Bool

        package init(
            version: SemanticVersion, commit: String, changes: Set<String>, isPromoted: Bool
        ) {
            self.version = version
            self.commit = commit
            self.changes = changes
            self.isPromoted = isPromoted
        }
    }

    /// Every tag is a cut of its commit; and, in a repository whose releases are tagged, what was
    /// promoted has a tag.
    ///
    /// - Parameters:
    ///   - tags: Those that are not older than the log.
    ///   - isTagged: Whether the repository has tags of releases at all.
    package static func tags(
        _ tags: [KnownRelease], prefix: String, _ cuts: [Cut], isTagged: Bool
    ) -> Reconciled {
        var result = Reconciled("git tags", outside: tags.count)
        let known = Dictionary(cuts.map { ($0.version, $0) }, uniquingKeysWith: { _, last in last })
        for tag in tags.sorted(by: { $0.version < $1.version }) {
            let item = "tag:\(prefix)\(tag.version)"
            guard let cut = known[tag.version] else {
                result.discrepancies.append(
                    Discrepancy(item, "stands on \(tag.commit), and no such release was cut"))
                continue
            }
            guard cut.commit == tag.commit else {
                result.discrepancies.append(
                    Discrepancy(
                        item, "stands on \(tag.commit), and the release was cut of \(cut.commit)")
                )
                continue
            }
            result.matched += 1
        }
        guard isTagged else { return result }
        let tagged = Set(tags.map(\.version))
        for cut in cuts where cut.isPromoted && !tagged.contains(cut.version) {
            result.discrepancies.append(
                Discrepancy("tag:\(prefix)\(cut.version)", "was promoted, and has no tag"))
        }
        return result
    }

    /// The commits that a release brings by git's account: those that its commit has and that of the
    /// release before has not. Merges are not changes by themselves.
    package static func commits(_ cut: Cut, in git: [Commit]) -> Reconciled {
        let brought = git.filter { !$0.isMerge }
        var result = Reconciled("commits of \(cut.version)", outside: brought.count)
        for commit in brought {
            if cut.changes.contains(commit.id) {
                result.matched += 1
            } else {
                result.discrepancies.append(
                    Discrepancy(
                        "commit:\(commit.id)",
                        "was released with \(cut.version), whose cut does not name it"))
            }
        }
        // A merge may speak for what it brought.
        let all = Set(git.map(\.id))
        for commit in cut.changes.subtracting(all).sorted() {
            result.discrepancies.append(
                Discrepancy(
                    "commit:\(commit)", "is named by the cut of \(cut.version), and is not in it"))
        }
        return result
    }

    /// A cut that says to follow a later release.
    package static func backwards(_ cut: Cut, after previous: String) -> Reconciled {
        Reconciled(
            "commits of \(cut.version)",
            discrepancies: [
                Discrepancy(
                    "release:\(cut.version)", "says to follow \(previous), which is no earlier one")
            ])
    }

    /// A cut whose release before git does not have.
    package static func rootless(_ cut: Cut) -> Reconciled {
        Reconciled(
            "commits of \(cut.version)",
            discrepancies: [
                Discrepancy(
                    "release:\(cut.version)",
                    "follows a release whose commit is not in this repository, so what it brings is unknown"
                )
            ])
    }

    /// A cut whose commit git does not have: history was rewritten, or it is another repository.
    package static func lost(_ cut: Cut) -> Reconciled {
        Reconciled(
            "commits of \(cut.version)",
            discrepancies: [
                Discrepancy(
                    "commit:\(cut.commit)",
                    "is the commit of release \(cut.version), and is not in the repository")
            ])
    }
}
