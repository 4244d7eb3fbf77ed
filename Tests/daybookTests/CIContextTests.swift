import Testing

@testable import daybook

@Suite("What the CI says")
struct CIContextTests {
    private func context(_ variables: [String: String]) throws -> CIContext {
        try #require(CIContext.current { variables[$0] })
    }

    @Test("GitHub Actions gives the repository, the actor and the run's facts")
    func gitHub() throws {
        let context = try context([
            "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "example/shop",
            "GITHUB_RUN_ID": "7", "GITHUB_RUN_ATTEMPT": "2", "GITHUB_ACTOR": "alice",
        ])
        #expect(try context.source() == "https://github.com/example/shop")
        #expect(try context.actor() == "alice")
        let facts = Dictionary(uniqueKeysWithValues: context.facts.map { ($0.name, $0.value) })
        #expect(facts == ["ciprovider": "github-actions", "cirunid": "7", "cirunattempt": "2"])
    }

    @Test("outside CI there is nothing to say")
    func outside() {
        #expect(CIContext.current({ _ in nil }) == nil)
    }

    @Test("an empty variable is an error only where its value is asked for")
    func empty() throws {
        let context = try context(["CI_PROJECT_PATH": "a/b", "GITLAB_USER_LOGIN": ""])
        #expect(throws: Failure.self) { try context.actor() }
        #expect(try context.source() == nil)
    }

    @Test("credentials in a repository's address are left out")
    func credentials() throws {
        let context = try context([
            "JENKINS_URL": "x", "GIT_URL": "https://user:token@git.example.com/a@b.git",
        ])
        #expect(try context.source() == "https://git.example.com/a@b.git")
    }

    @Test("names of facts are names of CloudEvents attributes")
    func names() {
        for fact in CIProvider.all.flatMap(\.facts) {
            #expect((1...20).contains(fact.name.count))
            #expect(fact.name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber) })
        }
    }
}
