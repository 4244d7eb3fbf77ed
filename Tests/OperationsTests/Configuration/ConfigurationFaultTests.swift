import LedgerTesting
import Operations
import Testing

@Suite("A daybook.yaml that is at fault")
struct ConfigurationFaultTests {
    private func faults(_ bytes: [UInt8]) -> [ConfigurationFault] {
        do {
            _ = try ConfigurationFile(path: "/p/daybook.yaml", bytes: bytes)
            return []
        } catch ConfigurationError.invalid(_, let faults) {
            return faults
        } catch {
            Issue.record("\(error)")
            return []
        }
    }

    private func faults(_ text: String) -> [ConfigurationFault] { faults(Array(text.utf8)) }

    @Test("is told by its line, in words", arguments: ConfigurationTable.shared.bad)
    func table(_ row: ConfigurationTable.Bad) {
        let faults = faults(row.text)
        #expect(
            faults.contains { $0.line == row.line && $0.message.contains(row.words) }, "\(faults)")
    }

    @Test("the table is there")
    func tableIsThere() {
        #expect(ConfigurationTable.shared.bad.count > 100)
        #expect(ConfigurationTable.shared.good.count > 4)
    }

    @Test("all faults are told at once, in the order of their lines")
    func allAtOnce() {
        let faults = faults(
            """
            ledgr: x
            project: my shop
            people: {ann: {mail: [a@b.c], roles: boss}}
            environments: {stage: {deploy: run}, stage: {}}
            train: [bundle, {promote: stag}, {soak: {}}]
            """)
        #expect(faults.map(\.line) == [1, 2, 3, 3, 4, 5, 5, 5, 5], "\(faults)")
    }

    @Test("every fault has a way out, and none ends with a full stop")
    func waysOut() {
        for row in ConfigurationTable.shared.bad {
            for fault in faults(row.text) {
                let hasWayOut = [";", " as ", "must be", "did you mean"].contains {
                    fault.message.contains($0)
                }
                #expect(hasWayOut && !fault.message.hasSuffix("."), "\(fault)")
            }
        }
    }

    @Test("the error reads FILE:LINE: message, a line each")
    func description() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try ConfigurationFile(path: "/p/daybook.yaml", bytes: Array("a: 1\nb: 2".utf8))
        }
        let lines = try #require(error).description.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0].hasPrefix("/p/daybook.yaml:1: unknown key \"a\""))
        #expect(lines[1].hasPrefix("/p/daybook.yaml:2: unknown key \"b\""))
    }

    @Test(
        "an empty file is told so",
        arguments: ["", "\n", "# nothing\n", "---\n", "~", "null"])
    func empty(text: String) {
        #expect(faults(text).first?.message.contains("empty") == true, "\(faults(text))")
    }

    @Test("bytes that are not UTF-8 are told by their line, and a NUL is no YAML")
    func bytes() {
        #expect(faults([0x61, 0x3A, 0x0A, 0xFF]).map(\.line) == [2])
        #expect(!faults("ledger: a\0b").isEmpty)
        #expect(!faults("ledger: \"a\\0b\"").isEmpty)
    }

    @Test("every line with a tab in its indentation is told")
    func tabs() {
        let faults = faults("people:\n\tann: {}\n \tben: {}\n\t# a comment\n\nledger: a\tb")
        #expect(faults.map(\.line) == [2, 3])
    }

    @Test("a bomb of aliases, a deep nest and a huge file are refused at once")
    func attacks() {
        let bomb =
            "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
            + (1..<10).map { level in
                let items = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ",")
                return "a\(level): &a\(level) [\(items)]\n"
            }.joined() + "? *a9\n: x\n"
        #expect(faults(bomb).contains { $0.message.contains("aliases") })
        for nest in ["[", "{a: ", "- ", "? "] {
            #expect(!faults(String(repeating: nest, count: 100_000)).isEmpty)
        }
        let huge = String(repeating: "# long\n", count: 1 << 17)
        #expect(faults(huge).map(\.message).first?.contains("bytes") == true)
    }

    @Test("any cut of the example, and any letter changed in it, is read or told, never a crash")
    func mutations() {
        var random = Seed.numbers(for: "configuration mutations")
        let example = Array(ConfigurationExample.text.utf8)
        for _ in 0..<300 {
            var bytes = example
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: bytes.indices, using: &random)
                bytes[place] =
                    "\n\t :-[]{}#&*!|>'\"%@`,?aZ09~".utf8.randomElement(using: &random) ?? 0
            }
            _ = faults(Array(bytes.prefix(Int.random(in: 1...bytes.count, using: &random))))
        }
    }
}
