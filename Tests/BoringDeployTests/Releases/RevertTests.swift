import Testing

@testable import BoringDeploy

@Suite("Reverts net out")
struct RevertTests {
    private func revert(_ number: Int, _ header: String = "feat: a") -> String {
        "Revert \"\(header)\"\n\nThis reverts commit \(History.id(number))."
    }

    private func plan(_ history: History) throws -> String {
        var history = history
        try history.release("1.2.3")
        let plan = try history.plan()
        let kept = plan.changes.filter { !$0.reverted }.map(\.summary).joined(separator: " ")
        return "\(plan.bump.rawValue): \(kept)"
    }

    @Test("a feature that its revert undid asks for nothing, and neither shows")
    func simple() throws {
        #expect(try plan(History("feat: a", "fix: b", revert(1))) == "patch: b")
        #expect(try plan(History("feat: a", revert(1))) == "none: ")
    }

    @Test("the revert of a revert brings the feature back")
    func twice() throws {
        let history = History(
            "feat: a", revert(1), "Reapply \"feat: a\"\n\nThis reverts commit \(History.id(2)).")
        #expect(try plan(history) == "minor: a")
        var thrice = history
        thrice.add(revert(3, "Reapply"))
        #expect(try plan(thrice) == "none: ")
    }

    @Test("the revert of an earlier release's commit is a change")
    func earlier() throws {
        #expect(try plan(History("chore: x", revert(99))) == "patch: Revert \"feat: a\" x")
    }

    @Test("git's sentence counts under any header, and a shortened id")
    func words() throws {
        #expect(
            try plan(History("feat: a", "fix: undo a\n\nThis reverts commit \(History.id(1))."))
                == "none: ")
        var history = History()
        let id = history.add("feat: a")
        history.add("revert: a\n\nRefs: \(id)")
        #expect(try plan(history) == "none: ")
    }

    @Test("GitHub's revert names the pull request; a rewritten history, only the header")
    func others() throws {
        #expect(
            try plan(
                History("feat: a (#7)", "Revert \"feat: a (#7)\" (#8)\n\nReverts example/shop#7"))
                == "none: ")
        #expect(
            try plan(
                History("feat: a", "Revert \"feat: a\"\n\nThis reverts commit deadbeefdeadbeef."))
                == "none: ")
        // Which of two is meant cannot be known.
        #expect(
            try plan(History("feat: a", "feat: a", "Revert \"feat: a\""))
                == "minor: Revert \"feat: a\" a a")
    }

    @Test("the revert of a merge takes back all that came by it")
    func merge() throws {
        var history = History("chore: base", "feat: a")
        history.add("feat: b", parents: [1])
        history.add("fix: c", parents: [3])
        history.add("Merge pull request #5 from x/y\n\nfeat: b", parents: [2, 4])
        history.add(
            "Revert \"Merge pull request #5 from x/y\"\n\nThis reverts commit \(History.id(5)), reversing\nchanges"
        )
        #expect(try plan(history) == "minor: a base")
    }
}

@Suite("Merges")
struct MergeTests {
    private func merged(_ branch: String, _ merge: String) throws -> ReleasePlan {
        var history = History("chore: base", "chore: main")
        history.add(branch, parents: [1])
        history.add(merge, parents: [2, 3])
        try history.release("1.2.3")
        return try history.plan()
    }

    @Test("a merge's quoted title counts once")
    func once() throws {
        let plan = try merged("feat: b", "Merge pull request #5 from x/y\n\nfeat: b")
        #expect(plan.changes.map(\.summary) == ["b", "main", "base"])
        #expect(plan.changes[0].pull == 5 && plan.bump == .minor)
    }

    @Test("a merge speaks for commits that do not speak themselves")
    func speaks() throws {
        let plan = try merged("wip", "Merge pull request #5 from x/y\n\nfeat: b")
        #expect(plan.changes.map(\.summary) == ["b", "wip", "main", "base"] && plan.bump == .minor)
        let louder = try merged("fix: x", "feat!: b (#5)")
        #expect(louder.bump == .major)
    }

    @Test("other merges are no changes")
    func plain() throws {
        let plan = try merged("fix: x", "Merge branch 'main' into x")
        #expect(plan.changes.map(\.summary) == ["x", "main", "base"])
    }
}
