import EventSourcing
import LedgerCore
import Testing

@testable import BoringDeploy

@Suite("Files of pull requests")
struct PullRequestsTests {
    private func read(_ text: String) throws -> PullRequests {
        var pulls = PullRequests()
        try pulls.add(json: StrictJSONParser.parse(Array(text.utf8)))
        return pulls
    }

    @Test("gh's list is read")
    func list() throws {
        let pulls = try read(
            #"""
            [{"number":7,"title":"x","labels":[{"id":"L","name":"bug","color":"d73a4a"}],
              "mergeCommit":{"oid":"abc"},"author":{"login":"ann","is_bot":false}},
             {"number":8,"title":"y","labels":[],"mergeCommit":null,"author":null}]
            """#)
        #expect(
            pulls[7]
                == PullRequest(
                    number: 7, title: "x", labels: ["bug"], mergeCommit: "abc", login: "ann"))
        #expect(pulls[8]?.mergeCommit == nil)
    }

    @Test("an event of a pull request is read")
    func event() throws {
        let pulls = try read(
            #"""
            {"action":"closed","number":9,"pull_request":{"number":9,"title":"z","labels":[{"name":"migration"}],
             "merge_commit_sha":"def","user":{"login":"bob"}}}
            """#)
        #expect(
            pulls[9]
                == PullRequest(
                    number: 9, title: "z", labels: ["migration"], mergeCommit: "def", login: "bob"))
    }

    @Test(
        "anything else is refused",
        arguments: [
            "{}", "[1]", "null", #"[{"title":"x"}]"#, #"[{"number":"7"}]"#,
            #"[{"number":7,"labels":["x"]}]"#,
            #"{"pull_request":null}"#, #"{"action":"push"}"#,
        ])
    func bad(text: String) {
        #expect(throws: EventError.self) { try read(text) }
    }

    @Test(
        "a header's number stands at its end",
        arguments: [
            ("feat: x (#12)", 12), ("feat: (#12) x", nil), ("feat: x(#12)", nil), ("x (#a)", nil),
            ("(#1)", nil),
            ("Merge pull request #34 from a/b", 34), ("x (#)", nil),
        ] as [(String, Int?)])
    func numbers(header: String, number: Int?) {
        #expect(PullRequests.number(in: header) == number)
    }
}
