@testable import BoringDeploy

/// A history under construction: every commit is the child of the one before, unless it says so.
struct History {
    private(set) var commits: [Commit] = []
    var releases: [KnownRelease] = []

    /// Its ids are 40 digits: 0…01, 0…02, …
    static func id(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 40 - digits.count) + digits
    }

    init(_ messages: String...) {
        for message in messages { add(message) }
    }

    @discardableResult
    mutating func add(_ message: String, parents: [Int]? = nil, by name: String = "Ann") -> String {
        let number = commits.count + 1
        let parents = parents ?? (number > 1 ? [number - 1] : [])
        let commit = Commit(
            id: Self.id(number), parents: parents.map(Self.id),
            author: Identity(name: name, email: "\(name.lowercased())@example.com"),
            message: message)
        commits.insert(commit, at: 0)
        return commit.id
    }

    mutating func release(_ version: String, at number: Int = 0) throws {
        releases.append(
            KnownRelease(try SemanticVersion(parsing: version), commit: Self.id(number)))
    }

    func plan(
        pulls: PullRequests = PullRequests(), rules: ReleaseRules = ReleaseRules(),
        pre: String? = nil,
        as version: String? = nil
    ) throws(PlanError) -> ReleasePlan {
        try ReleasePlan(
            ReleaseHistory(commits: commits, releases: releases), pulls: pulls, rules: rules,
            options: PlanOptions(preRelease: pre, releaseAs: version))
    }

    /// The version and the bump that the messages come to after a release.
    static func next(after version: String, _ messages: String...) throws -> String {
        var history = History()
        for message in messages { history.add(message) }
        try history.release(version)
        let plan = try history.plan()
        return "\(plan.version?.description ?? "–") \(plan.bump.rawValue)"
    }
}
