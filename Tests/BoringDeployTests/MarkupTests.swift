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
}
