import Testing

@testable import daybook

@Suite("Options by variables")
struct EnvironmentArgumentsTests {
    private func complete(_ arguments: [String], _ environment: [String: String]) throws -> [String]
    {
        try EnvironmentArguments.completing(
            arguments, for: Daybook.self, environment: environment)
    }

    @Test("a variable gives an option that is not on the command line")
    func fillsIn() throws {
        let found = try complete(["head"], ["DAYBOOK_LEDGER": "a b.db"])
        #expect(found == ["head", "--ledger=a b.db"])
    }

    @Test(
        "an option on the command line comes first, however it is written",
        arguments: [["head", "--ledger", "x"], ["head", "--ledger=x"]])
    func precedence(arguments: [String]) throws {
        #expect(try complete(arguments, ["DAYBOOK_LEDGER": "y"]) == arguments)
    }

    @Test("a short option on the command line counts too")
    func shortOption() throws {
        let arguments = ["head", "-o", "json"]
        #expect(try complete(arguments, ["DAYBOOK_OUTPUT": "table"]) == arguments)
    }

    @Test("a variable that is set but empty is an error that names it")
    func empty() throws {
        let failure = try #require(throws: Failure.self) {
            try complete(["head"], ["DAYBOOK_LEDGER": ""])
        }
        #expect(failure.code == .usage && failure.description.contains("DAYBOOK_LEDGER"))
    }

    @Test("a switch is true or false", arguments: ["1", "true", "YES", "on"])
    func switchedOn(value: String) throws {
        #expect(try complete(["verify"], ["DAYBOOK_QUICK": value]) == ["verify", "--quick"])
        #expect(try complete(["verify"], ["DAYBOOK_QUICK": "false"]) == ["verify"])
        #expect(throws: Failure.self) { try complete(["verify"], ["DAYBOOK_QUICK": "maybe"]) }
    }

    @Test("variables of other commands, and of a single event beside a batch, do not count")
    func ignored() throws {
        #expect(try complete(["head"], ["DAYBOOK_BATCH": "b"]) == ["head"])
        let batch = ["append", "--batch", "b.jsonl"]
        #expect(try complete(batch, ["DAYBOOK_SOURCE": "//job"]) == batch)
    }

    @Test("what is filled in goes before two hyphens")
    func afterHyphens() throws {
        let found = try complete(["show", "--", "-x"], ["DAYBOOK_LEDGER": "l"])
        #expect(found == ["show", "--ledger=l", "--", "-x"])
    }
}
