import EventSourcing
import LedgerCore

/// What a plan is made from: git's history and what was released of it.
package struct ReleaseHistory: Sendable {
    /// Since the last release that is no pre-release, each before its parents.
    package var commits: [Commit]
    /// Those that the revision contains.
    package var releases: [KnownRelease]

    package init(commits: [Commit], releases: [KnownRelease]) {
        self.commits = commits
        self.releases = releases
    }
}

package struct PlanOptions: Sendable, Equatable {
    /// The word of a pre-release, as `rc`; nil for a release.
    package var preRelease: String?
    /// A version that is stated, as by `Release-As:`.
    package var releaseAs: String?

    package init(preRelease: String? = nil, releaseAs: String? = nil) {
        self.preRelease = preRelease
        self.releaseAs = releaseAs
    }
}

/// The next release: its version, why it is that one, and what is in it.
package struct ReleasePlan: Sendable, Equatable {
    package var previous: SemanticVersion?
    /// Nil if there is nothing to release.
    package var version: SemanticVersion?
    package var bump: Bump
    package var reason: String
    /// Newest first.
    package var changes: [Change]
    package var authors: [Identity]
    package var labels: [String]

    /// `{previous, version, bump, reason, changes}`.
    package var json: JSONValue {
        [
            "previous": .optional(previous?.description),
            "version": .optional(version?.description), "bump": .string(bump.rawValue),
            "reason": .string(reason), "changes": .array(changes.map(\.json)),
        ]
    }
}

/// Why there can be no plan: what was stated contradicts what is there.
package struct PlanError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
