import Testing

@testable import BoringDeploy

@Suite("Text in pages and tables")
struct MarkupTests {
    /// Code points that join what comes after, or what comes before, to one `Character`.
    static let joiners = ["", "\u{600}", "\u{70F}", "\u{110BD}", "\u{301}", "\u{200D}", "\u{FE0F}"]

    @Test("no mark of markup is left, whatever stands before or after it", arguments: joiners)
    func markup(joiner: String) {
        for mark in ["<", ">", "&", "\"", "'"] {
            let escaped = Markup.escaped(joiner + mark + joiner)
            let scalars = escaped.unicodeScalars
            #expect(!scalars.contains { "<>\"'".unicodeScalars.contains($0) })
            #expect(scalars.filter { $0 == "&" }.count == 1)
        }
    }

    @Test("a field of a table stays one field", arguments: joiners)
    func csv(joiner: String) {
        var table = CSV(["a", "b"])
        table.add(["x\"\(joiner),evil,\"\(joiner)", "=1+1"])
        let quotes = table.bytes.filter { $0 == UInt8(ascii: "\"") }.count
        #expect(quotes == 6, "two around the field, and each of its own doubled")
        #expect(String(decoding: table.bytes, as: UTF8.self).unicodeScalars.contains("'"))
    }

    /// Controls, bidirectional ones, and noncharacters.
    static let invisible: [UInt32] = [
        0x0, 0x1, 0x1B, 0x7F, 0x85, 0x9B, 0x61C, 0x200E, 0x200F, 0x202A, 0x202E, 0x2066, 0x2069,
        0xFDD0,
        0xFFFF, 0x1FFFE,
    ]

    @Test(
        "what turns the order of reading or is no text is shown as its escape", arguments: invisible
    )
    func controls(control: UInt32) throws {
        let text = String(try #require(Unicode.Scalar(control)))
        let hex = String(control, radix: 16)
        #expect(Markup.escaped("a\(text)b\tc\nd") == "a\\u{\(hex)}b\tc\nd")
        #expect(Markdown.escaped("a\(text)b\tc\nd") == "a\\\\u\\{\(hex)\\}b c d")
    }

    @Test(
        "a field that a spreadsheet would run is marked as text",
        arguments: ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x"])
    func formula(text: String) {
        var table = CSV(["a"])
        table.add([text])
        let shown = String(decoding: table.bytes, as: UTF8.self)
        #expect(shown.hasPrefix("a\r\n'\(text)") || shown.hasPrefix("a\r\n\"'\(text)"))
    }

    @Test(
        "a field with another country's separator stays one field",
        arguments: ["a;=1+1", "a\n=1", "a\t=1"])
    func separators(text: String) {
        var table = CSV(["a"])
        table.add([text])
        #expect(String(decoding: table.bytes, as: UTF8.self) == "a\r\n\"\(text)\"\r\n")
    }
}
