import LedgerCore
import Testing

@testable import BoringDeploy

@Suite("Planning a release")
struct ReleasePlanTests {
    @Test("the most that is asked for is done")
    func counting() throws {
        #expect(try History.next(after: "1.2.3", "fix: a", "chore: b") == "1.2.4 patch")
        #expect(try History.next(after: "1.2.3", "perf: a") == "1.2.4 patch")
        #expect(try History.next(after: "1.2.3", "fix: a", "FEAT: b", "fix: c") == "1.3.0 minor")
        #expect(try History.next(after: "1.2.3", "chore!: a", "feat: b") == "2.0.0 major")
        #expect(try History.next(after: "1.2.3", "fix: a\n\nBREAKING CHANGE: b") == "2.0.0 major")
    }

    @Test("a range of chores needs no release, and an unconventional commit asks for none")
    func nothing() throws {
        #expect(try History.next(after: "1.2.3", "chore: a", "docs: b", "tidy up") == "– none")
        #expect(try History.next(after: "1.2.3") == "– none")
        let json = try History("chore: a").plan().json
        #expect(json.object?["version"] == .null && json.object?["bump"] == "none")
    }

    @Test("in 0.x a breaking change makes a minor version, unless the rules say otherwise")
    func early() throws {
        #expect(try History.next(after: "0.4.1", "feat!: a") == "0.5.0 minor")
        #expect(try History.next(after: "0.4.1", "fix: a") == "0.4.2 patch")
        var history = History("feat!: a")
        try history.release("0.4.1")
        var rules = ReleaseRules()
        rules.breakingLeavesZero = true
        #expect(try history.plan(rules: rules).version == SemanticVersion(1, 0, 0))
    }

    @Test("the first version is the rules' own")
    func first() throws {
        let plan = try History("feat: a", "feat!: b").plan()
        #expect(plan.version == SemanticVersion(0, 1, 0) && plan.previous == nil)
        #expect(plan.reason.contains("first release"))
    }

    @Test(
        "a pre-release counts up to its release: rc.1, rc.2, then the release with all their changes"
    )
    func preReleases() throws {
        var history = History("feat: a")
        try history.release("1.1.0")
        #expect(try history.plan(pre: "rc").version?.description == "1.2.0-rc.1")
        try history.release("1.2.0-rc.1", at: 1)
        #expect(try history.plan(pre: "rc").version == nil)
        history.add("fix: b")
        let second = try history.plan(pre: "rc")
        #expect(
            second.version?.description == "1.2.0-rc.2"
                && second.previous?.description == "1.2.0-rc.1")
        #expect(second.changes.map(\.summary) == ["b"])
        try history.release("1.2.0-rc.2", at: 2)
        let release = try history.plan()
        #expect(release.version?.description == "1.2.0" && release.previous?.description == "1.1.0")
        #expect(release.changes.map(\.summary) == ["b", "a"] && release.bump == .minor)
        history.add("feat!: c")
        #expect(try history.plan(pre: "rc").version?.description == "2.0.0-rc.1")
        #expect(throws: PlanError.self) { try history.plan(pre: "7") }
    }

    @Test("a release never falls behind the pre-release that announced it")
    func announced() throws {
        var history = History("fix: a")
        try history.release("1.1.0")
        try history.release("2.0.0-rc.1", at: 1)
        #expect(try history.plan().version?.description == "2.0.0")
        #expect(throws: PlanError.self) { try history.plan(pre: "alpha", as: "2.0.0-alpha.1") }
    }

    @Test("a stated version wins, with nothing else to release, and must be higher")
    func stated() throws {
        #expect(try History.next(after: "1.2.3", "chore: a\n\nRelease-As: 3.0.0") == "3.0.0 major")
        #expect(try History.next(after: "1.2.3", "feat: a\n\nrelease-as: 1.2.4") == "1.2.4 patch")
        for bad in ["1.2.3", "1.0.0", "v2", "2.0"] {
            #expect(throws: PlanError.self) {
                try History.next(after: "1.2.3", "feat: a\n\nRelease-As: \(bad)")
            }
        }
        var history = History("chore: a")
        try history.release("1.0.0")
        #expect(try history.plan(as: "1.5.0").version?.description == "1.5.0")
        #expect(try history.plan(pre: "rc", as: "1.5.0").version?.description == "1.5.0-rc.1")
    }

    @Test("labels of pull requests ask too, by merge commit or by number")
    func labels() throws {
        var history = History("tidy up", "chore: b (#8)")
        try history.release("1.2.3")
        let minor = PullRequests([
            PullRequest(number: 7, labels: ["feature"], mergeCommit: History.id(1), login: "ann-gh")
        ])
        let plan = try history.plan(pulls: minor)
        #expect(
            plan.bump == .minor && plan.changes.map(\.pull) == [8, 7] && plan.labels == ["feature"])
        #expect(plan.authors.contains(Identity(login: "ann-gh")))
        let major = PullRequests([PullRequest(number: 8, labels: ["semver:major"])])
        #expect(try history.plan(pulls: major).changes.map(\.breaking) == [true, false])
        let patch = PullRequests([PullRequest(number: 8, labels: ["bug"])])
        #expect(try history.plan(pulls: patch).bump == .patch)
    }

    @Test("co-authors are authors")
    func coAuthors() throws {
        let plan = try History(
            "feat: a\n\nCo-authored-by: Bob  B <bob@x.org>\nco-authored-by: Bob B <bob@x.org>"
        ).plan()
        #expect(plan.authors.map(\.mailbox) == ["Ann <ann@example.com>", "Bob B <bob@x.org>"])
        #expect(plan.changes[0].authors == ["Ann <ann@example.com>", "Bob B <bob@x.org>"])
    }
}
