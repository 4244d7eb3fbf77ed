import Testing

@testable import BoringDeploy

@Suite("Conventional commits")
struct ConventionalCommitTests {
    @Test("type, scope, mark and summary are read from the header")
    func header() throws {
        let commit = try #require(ConventionalCommit("FEAT(shop cart)!: keep (all) carts: yes"))
        #expect(commit.type == "feat" && commit.scope == "shop cart" && commit.isBreaking)
        #expect(commit.summary == "keep (all) carts: yes" && commit.upgrade == nil)
    }

    @Test(
        "a header that does not keep the convention is unconventional",
        arguments: [
            "", "add carts", "feat:x", "feat : x", "feat(): x", "feat(a: x", "feat(a)(b): x",
            "feat!!: x",
            "feat:", "feat: ", ": x", "Merge branch 'feat: x'", "1: x", "feat(a) : x",
            "Revert \"feat: x\"",
        ])
    func unconventional(header: String) {
        #expect(ConventionalCommit(header) == nil)
    }

    @Test(
        "a footer of the last paragraph makes it breaking, with its text",
        arguments: ["BREAKING CHANGE", "BREAKING-CHANGE"])
    func footer(token: String) throws {
        let commit = try #require(
            ConventionalCommit(
                "fix: x\n\nbody\n\nReviewed-by: Z\n\(token): old keys go\nto the bin\nRefs #12\n"))
        #expect(commit.isBreaking && commit.upgrade == "old keys go\nto the bin")
        #expect(CommitMessage("fix: x\n\nRefs #12").values(of: "refs") == ["#12"])
    }

    @Test(
        "what only looks like a breaking footer is none",
        arguments: [
            "fix: x\n\nWe used to write\nBREAKING CHANGE: here.",
            "fix: x\n\nBREAKING CHANGE: quoted\n\nthe end",
            "fix: x\n\nbreaking change: no", "fix: x\n\nBreaking-Change: no",
            "fix: x\n\nBREAKING CHANGE no",
            "fix: x\nBREAKING CHANGE: no blank line", "fix: BREAKING CHANGE: no",
            "fix: x\n\n> BREAKING CHANGE: no",
            "fix: x\n\nBREAKING CHANGES: no", "fix: x\n\nBREAKING CHANGE #12",
        ])
    func quoted(message: String) throws {
        #expect(try #require(ConventionalCommit(message)).isBreaking == false)
    }

    @Test("footers stand before those that tools append in a paragraph of their own")
    func appended() throws {
        let message =
            "feat: x (#3)\n\nBREAKING CHANGE: a\n\n---------\n\nCo-authored-by: Bob <b@x.org>\nSigned-off-by: C <c@x.org>"
        #expect(try #require(ConventionalCommit(message)).upgrade == "a")
        #expect(CommitMessage(message).values(of: "co-authored-by") == ["Bob <b@x.org>"])
    }

    @Test(
        "a squash body lists messages of their own: the type is the header's, breaking is anyone's")
    func squash() throws {
        let plain = try #require(
            ConventionalCommit("fix: x (#3)\n\n* feat: a\n\n* fix: b\n\nlast words"))
        #expect(plain.type == "fix" && !plain.isBreaking && plain.summary == "x (#3)")
        let marked = try #require(ConventionalCommit("fix: x (#3)\n\n* feat!: a\n\n* fix: b"))
        #expect(marked.isBreaking)
        let middle = try #require(
            ConventionalCommit("fix: x (#3)\n\n* feat: a\n\nBREAKING CHANGE: u\n\n* fix: b"))
        #expect(middle.upgrade == "u")
    }

    @Test("carriage returns and blanks at the ends of lines do not count")
    func blanks() throws {
        let commit = try #require(ConventionalCommit("feat: x  \r\n\r\nBREAKING CHANGE: y\r\n"))
        #expect(commit.summary == "x" && commit.upgrade == "y")
    }
}
