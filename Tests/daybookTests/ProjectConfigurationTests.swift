import Testing

@testable import daybook

@Suite("daybook.yaml")
struct ProjectConfigurationTests {
    private func read(_ text: String) throws -> ProjectConfiguration {
        try ProjectConfiguration(path: "/shop/daybook.yaml", text: Array(text.utf8))
    }

    @Test("a relative ledger starts from the file's folder, an absolute one does not")
    func paths() throws {
        #expect(try read("ledger: evidence.db").ledgerPath == "/shop/evidence.db")
        #expect(try read("ledger: /mnt/evidence.db").ledgerPath == "/mnt/evidence.db")
        #expect(try read("project: shop").ledgerPath == nil)
    }

    @Test(
        "a fault is named with its line, and an unknown key with the nearest known one",
        arguments: [
            ("", "is empty"), ("- ledger", "must be a mapping"),
            ("project: shop\nledgr: x", "daybook.yaml:2: unknown key \"ledgr\"; did you mean"),
            ("peple: {}", "did you mean \"people\""), ("ledger:", "daybook.yaml:1: ledger must be"),
            ("ledger: ~", "ledger must be"), ("ledger: [a]", "ledger must be"),
            ("ledger: a\nledger: b", "ledger"), ("ledger: {", "daybook.yaml"),
        ])
    func faults(text: String, words: String) throws {
        let failure = try #require(throws: Failure.self) { try read(text) }
        #expect(failure.code == .badInput)
        #expect(failure.description.contains(words), "\(failure)")
    }

    @Test("bytes that are not UTF-8 are a fault")
    func invalidUTF8() {
        #expect(throws: Failure.self) {
            try ProjectConfiguration(path: "daybook.yaml", text: [0x6C, 0xFF])
        }
    }
}
