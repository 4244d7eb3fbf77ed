import Testing

@testable import BoringDeploy

@Suite("Who is independent of a release")
struct IndependenceTests {
    private let people = [
        Person(name: "alice", emails: ["alice@example.com"], logins: ["alice"]),
        Person(name: "bob", emails: ["bob@example.com", "bob@home.example"], logins: ["bob-gh"]),
        Person(name: "ci", logins: ["ci-bot"]),
    ]

    private func fault(
        of approver: String, authors: [Identity], cutter: Identity = Identity(login: "ci-bot"),
        changeCount: Int = 1
    ) throws -> String? {
        let person = try #require(people.first { $0.name == approver })
        let cut = ReleaseCut(
            version: "1.0.0", commit: "c", changeCount: changeCount, authors: authors,
            cutter: cutter)
        return Independence(people).fault(of: person, in: cut)
    }

    @Test("someone else than every author and the cutter is")
    func independent() throws {
        #expect(try fault(of: "bob", authors: [Identity(email: "alice@example.com")]) == nil)
    }

    @Test(
        "an author is not, by any of their identities, whatever the case",
        arguments: [
            Identity(email: "BOB@example.com"), Identity(email: "bob@home.example"),
            Identity(login: "Bob-GH"), Identity(email: "unknown@example.com", login: "bob-gh"),
        ])
    func author(identity: Identity) throws {
        #expect(try fault(of: "bob", authors: [identity])?.contains("an author") == true)
    }

    @Test("the cutter is not")
    func cutter() throws {
        let found = try fault(
            of: "bob", authors: [Identity(email: "alice@example.com")],
            cutter: Identity(email: "bob@example.com"))
        #expect(found?.contains("its cutter") == true)
    }

    @Test(
        "nobody is who cannot be told from an author or the cutter",
        arguments: [
            ([Identity(email: "stranger@example.com")], Identity(login: "ci-bot")),
            ([Identity(name: "alice")], Identity(login: "ci-bot")),
            ([Identity(email: "alice@example.com")], Identity()), ([], Identity(login: "ci-bot")),
        ])
    func unknown(authors: [Identity], cutter: Identity) throws {
        #expect(try fault(of: "bob", authors: authors, cutter: cutter) != nil)
    }

    @Test("all who are unknown are named at once, with the way out")
    func allUnknown() throws {
        let found = try fault(
            of: "bob",
            authors: [
                Identity(email: "a@example.com"), Identity(email: "alice@example.com"),
                Identity(email: "b@example.com"),
            ], cutter: Identity(login: "robot"))
        #expect(
            found?.hasPrefix(
                "2 authors are unknown (<a@example.com>, <b@example.com>) and its cutter is unknown "
                    + "(@robot), so bob cannot be told from them: list their addresses") == true)
    }
}
