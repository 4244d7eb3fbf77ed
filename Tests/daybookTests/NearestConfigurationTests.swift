import Foundation
import LedgerTesting
import Testing

@testable import daybook

@Suite("The nearest daybook.yaml")
struct NearestConfigurationTests {
    private func makeFolder(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    @Test("it is looked for from the working directory upwards")
    func upwards() throws {
        let folder = try TemporaryFolder()
        try makeFolder(folder.file("a/b/c"))
        try folder.write("daybook.yaml", "ledger: top.db\n")
        try folder.write("a/b/daybook.yaml", "ledger: ../inner.db\n")
        func path(_ from: String) throws -> String? {
            try ProjectConfiguration.nearest(to: from)?.ledgerPath
        }
        #expect(try path(folder.file("a/b/c")) == folder.file("a/b/../inner.db"))
        #expect(try path(folder.file("a/b")) == folder.file("a/b/../inner.db"))
        #expect(try path(folder.file("a")) == folder.file("top.db"))
        #expect(try path(folder.path) == folder.file("top.db"))
    }

    @Test("one that is at fault is not passed over for another further up")
    func nearestIsBad() throws {
        let folder = try TemporaryFolder()
        try makeFolder(folder.file("a"))
        try folder.write("daybook.yaml", "ledger: top.db\n")
        try folder.write("a/daybook.yaml", "leger: x\n")
        #expect(throws: Failure.self) { try ProjectConfiguration.nearest(to: folder.file("a")) }
    }

    @Test(
        "every fault names the file and its line",
        arguments: [
            ("# a comment\n\nledgers: x", 3, "\"ledger\""),
            ("project: a\n\nteams: b", 3, "did you mean"),
            ("environment: x", 1, "\"environments\""), ("gate: x", 1, "\"gates\""),
            ("service:\n  a: 1", 1, "\"services\""), ("trains: x", 1, "\"train\""),
            ("Ledger: x", 1, "\"ledger\""), ("1: x", 1, "unknown key"),
            ("project: a\nledger:\n  file: x", 3, "ledger must be"),
            ("project: a\nledger: \"\"", 2, "ledger must be"),
            ("ledger: null", 1, "ledger must be"),
        ])
    func faults(text: String, line: Int, words: String) {
        let failure = #expect(throws: Failure.self) {
            try ProjectConfiguration(path: "/p/daybook.yaml", text: Array(text.utf8))
        }
        #expect(failure?.code == .badInput)
        #expect(
            failure?.description.hasPrefix("/p/daybook.yaml:\(line): ") == true, "\(failure as Any)"
        )
        #expect(failure?.description.contains(words) == true, "\(failure as Any)")
    }

    @Test("sections that this version does not read are let be")
    func otherSections() throws {
        let text = """
            # The shop.
            project: shop
            people: {ann: {email: ann@example.com}}
            environments: [staging, production]
            services: null
            gates:
              - name: tests
            train: weekly
            ledger: 'evidence of the shop.db'
            """
        let configuration = try ProjectConfiguration(
            path: "/p/daybook.yaml", text: Array(text.utf8))
        #expect(configuration.ledgerPath == "/p/evidence of the shop.db")
    }
}
