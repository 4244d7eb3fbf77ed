import BoringDeploy

/// What to release, and what is known besides git.
package struct ReleaseRequest: Sendable {
    package var revision = "HEAD"
    package var options = PlanOptions()
    package var pulls = PullRequests()
    package var artifacts: [Artifact] = []
    /// Makes an annotated tag once the cut is recorded.
    package var makesTag = false
    /// Lets a version be cut once more, which makes its approvals stale.
    package var again = false

    package init() {}
}

/// A plan, and where it stands in git.
package struct PlannedRelease: Sendable {
    package let plan: ReleasePlan
    package let commit: String
    /// Of the release before.
    package let previousCommit: String?
}

/// Who cuts, from where, and when.
package struct CutOrigin: Sendable {
    /// The event's `source`, a URI-reference.
    package var source: String
    package var cutter: Identity
    /// The event's `actor`.
    package var actor: String?
    /// The CI's facts, as `cirunid`.
    package var facts: [(name: String, value: String)]

    package init(
        source: String, cutter: Identity, actor: String? = nil,
        facts: [(name: String, value: String)] = []
    ) {
        self.source = source
        self.cutter = cutter
        self.actor = actor
        self.facts = facts
    }
}

/// Why a release could not be planned or cut.
package struct ReleaseError: Error, CustomStringConvertible {
    package enum Code: Sendable {
        case badInput
        case noSuchRelease
        case conflict
        case git(GitError.Code)
        case store
    }

    package let code: Code
    package let description: String
    /// What the ledger itself said.
    package let underlying: (any Error)?

    init(_ code: Code, _ description: String, underlying: (any Error)? = nil) {
        self.code = code
        self.description = description
        self.underlying = underlying
    }

    package init(_ error: GitError) {
        self.init(.git(error.code), error.description, underlying: error)
    }
}
