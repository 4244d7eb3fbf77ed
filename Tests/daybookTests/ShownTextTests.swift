import LedgerCore
import Testing

@testable import daybook

@Suite("What is shown to people")
struct ShownTextTests {
    @Test(
        "what would move a terminal's cursor or turn its text around is shown as its escape",
        arguments: [
            ("", ""), ("plain é 😀", "plain é 😀"), ("a\nb", "a\\u{a}b"), ("\r\n", "\\u{d}\\u{a}"),
            ("\u{1B}[31mred", "\\u{1b}[31mred"), ("\0", "\\u{0}"), ("\t", "\\u{9}"),
            ("\u{7F}", "\\u{7f}"),
            ("\u{85}\u{9B}", "\\u{85}\\u{9b}"), ("\u{202E}gnp.exe", "\\u{202e}gnp.exe"),
            ("\u{202A}\u{2066}\u{2069}", "\\u{202a}\\u{2066}\\u{2069}"), ("\u{A0}", "\u{A0}"),
            ("e\u{301}\n", "e\u{301}\\u{a}"),
        ])
    func printable(text: String, shown: String) {
        #expect(Table.printable(text) == shown)
    }

    @Test(
        "JSON is indented in the canonical order, empty values on one line",
        arguments: [
            ("null", "null"), ("1.50", "1.5"), (#""a\nb""#, #""a\nb""#), ("[]", "[]"), ("{}", "{}"),
            ("[1,[2]]", "[\n  1,\n  [\n    2\n  ]\n]"),
            (#"{"b":{},"a":[]}"#, "{\n  \"a\": [],\n  \"b\": {}\n}"),
            (
                #"{"b":{"d":1,"c":[{"x":null}]}}"#,
                "{\n  \"b\": {\n    \"c\": [\n      {\n        \"x\": null\n      }\n    ],\n    \"d\": 1\n  }\n}"
            ),
        ])
    func indented(text: String, shown: String) throws {
        #expect(try IndentedJSON.text(of: StrictJSONParser.parse(Array(text.utf8))) == shown)
    }

    @Test("a name or a text in JSON cannot move the cursor either")
    func hostileJSON() {
        let value: JSONValue = ["a\u{9B}31m": "\u{202E}x\u{1B}"]
        #expect(IndentedJSON.text(of: value) == "{\n  \"a\\u{9b}31m\": \"\\u{202e}x\\u001b\"\n}")
    }
}
