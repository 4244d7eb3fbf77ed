import Testing

@testable import BoringDeploy

@Suite("Reconciling releases with git")
struct ReleaseReconciliationTests {
    private func cut(_ version: String, _ commit: String, isPromoted: Bool = true) throws
        -> ReleaseReconciliation.Cut
    {
        ReleaseReconciliation.Cut(
            version: try SemanticVersion(parsing: version), commit: commit, changes: [commit],
            isPromoted: isPromoted)
    }

    private func items(
        tags: [(String, String)], cuts: [ReleaseReconciliation.Cut], isTagged: Bool = true
    ) throws -> [String] {
        let tags = try tags.map {
            KnownRelease(try SemanticVersion(parsing: $0.0), commit: $0.1)
        }
        return ReleaseReconciliation.tags(tags, prefix: "v", cuts, isTagged: isTagged)
            .discrepancies.map(\.item)
    }

    @Test("every tag is a cut of its commit")
    func tags() throws {
        let cuts = [try cut("1.0.0", "a"), try cut("1.1.0", "b")]
        #expect(try items(tags: [("1.0.0", "a"), ("1.1.0", "b")], cuts: cuts) == [])
        #expect(try items(tags: [("1.0.0", "a"), ("1.1.0", "c")], cuts: cuts) == ["tag:v1.1.0"])
        #expect(
            try items(tags: [("1.0.0", "a"), ("1.1.0", "b"), ("9.0.0", "z")], cuts: cuts)
                == ["tag:v9.0.0"])
    }

    @Test("what was promoted has a tag, where releases have tags")
    func untagged() throws {
        let cuts = [
            try cut("1.0.0", "a"), try cut("1.1.0", "b"), try cut("1.2.0", "c", isPromoted: false),
        ]
        #expect(try items(tags: [("1.0.0", "a")], cuts: cuts) == ["tag:v1.1.0"])
        #expect(try items(tags: [], cuts: cuts, isTagged: false) == [])
    }

    @Test("merges are no changes by themselves, and a change that is nowhere is found")
    func commits() throws {
        let nobody = Identity(name: "n")
        let git = [
            Commit(id: "m", parents: ["a", "b"], author: nobody, message: "Merge"),
            Commit(id: "b", parents: ["a"], author: nobody, message: "b"),
            Commit(id: "a", author: nobody, message: "a"),
        ]
        let known = ReleaseReconciliation.Cut(
            version: try SemanticVersion(parsing: "1.0.0"), commit: "m", changes: ["a", "m", "x"],
            isPromoted: true)
        let result = ReleaseReconciliation.commits(known, in: git)
        #expect(result.discrepancies.map(\.item) == ["commit:b", "commit:x"])
        #expect((result.outside, result.matched) == (2, 1))
    }
}
