import Testing

@testable import LedgerCore

@Suite("Strict JSON: malformed structure")
struct BadStructureTests {
    @Test("a malformed text is refused with its fault and place", arguments: rows)
    func malformed(row: BadText) {
        #expect(throws: JSONError(fault: row.fault, offset: row.offset)) {
            try StrictJSONParser.parse(row.bytes)
        }
    }

    static let rows: [BadText] =
        nothing + byteOrder + words + arrays + objects + endings + trailing + depth

    private static let nothing = [
        BadText("no bytes", "", .empty, at: 0),
        BadText("white space only", " \t\r\n", .empty, at: 4),
        BadText("a comment only", "// x", .unexpected(0x2F), at: 0),
        BadText("NUL", "\0", .unexpected(0), at: 0),
    ]

    private static let byteOrder = [
        BadText("a byte-order mark", "\u{FEFF}1", .byteOrderMark, at: 0),
        BadText("a byte-order mark alone", "\u{FEFF}", .byteOrderMark, at: 0),
        BadText("a byte-order mark after a space", " \u{FEFF}1", .unexpected(0xEF), at: 1),
        BadText("half a byte-order mark", [0xEF, 0xBB, 0x31], .unexpected(0xEF), at: 0),
        BadText("UTF-16, big-endian", [0xFE, 0xFF, 0x00, 0x31], .unexpected(0xFE), at: 0),
        BadText("UTF-16, little-endian", [0xFF, 0xFE, 0x31, 0x00], .unexpected(0xFF), at: 0),
        BadText("UTF-16 without mark", [0x31, 0x00], .trailingBytes, at: 1),
    ]

    private static let words = [
        BadText(nil, "NaN", .unexpected(0x4E), at: 0),
        BadText(nil, "nan", .unexpected(0x61), at: 1),
        BadText(nil, "Infinity", .unexpected(0x49), at: 0),
        BadText(nil, "undefined", .unexpected(0x75), at: 0),
        BadText(nil, "True", .unexpected(0x54), at: 0),
        BadText(nil, "tRue", .unexpected(0x52), at: 1),
        BadText(nil, "tru", .unexpectedEnd, at: 3),
        BadText(nil, "fals ", .unexpected(0x20), at: 4),
        BadText(nil, "nulll", .trailingBytes, at: 4),
        BadText(nil, "[truefalse]", .unexpected(0x66), at: 5),
        BadText("a bare word", "word", .unexpected(0x77), at: 0),
        BadText("a no-break space", "\u{A0}1", .unexpected(0xC2), at: 0),
        BadText("a vertical tab", "\u{B}1", .unexpected(0x0B), at: 0),
        BadText("a form feed", "1\u{C}", .trailingBytes, at: 1),
        BadText("invalid UTF-8 outside a string", [0x5B, 0xC3, 0x28], .unexpected(0xC3), at: 1),
    ]

    private static let arrays = [
        BadText(nil, "[1,]", .unexpected(0x5D), at: 3),
        BadText(nil, "[,1]", .unexpected(0x2C), at: 1),
        BadText(nil, "[1,,2]", .unexpected(0x2C), at: 3),
        BadText(nil, "[1 2]", .unexpected(0x32), at: 3),
        BadText(nil, "[1:2]", .unexpected(0x3A), at: 2),
        BadText(nil, "[1}", .unexpected(0x7D), at: 2),
        BadText(nil, "[1/*x*/]", .unexpected(0x2F), at: 2),
        BadText(nil, "]", .unexpected(0x5D), at: 0),
        BadText(nil, ",", .unexpected(0x2C), at: 0),
    ]

    private static let objects = [
        BadText(nil, #"{"a":1,}"#, .unexpected(0x7D), at: 7),
        BadText(nil, #"{,"a":1}"#, .unexpected(0x2C), at: 1),
        BadText(nil, #"{"a" 1}"#, .unexpected(0x31), at: 5),
        BadText(nil, #"{"a":}"#, .unexpected(0x7D), at: 5),
        BadText(nil, #"{"a"}"#, .unexpected(0x7D), at: 4),
        BadText(nil, #"{"a":1 "b":2}"#, .unexpected(0x22), at: 7),
        BadText(nil, #"{"a":1]"#, .unexpected(0x5D), at: 6),
        BadText(nil, #"{"a"::1}"#, .unexpected(0x3A), at: 5),
        BadText(nil, "{a:1}", .unexpected(0x61), at: 1),
        BadText(nil, "{'a':1}", .unexpected(0x27), at: 1),
        BadText(nil, "{1:2}", .unexpected(0x31), at: 1),
        BadText(nil, "{null:2}", .unexpected(0x6E), at: 1),
        BadText(nil, "}", .unexpected(0x7D), at: 0),
        BadText(nil, "'a'", .unexpected(0x27), at: 0),
    ]

    private static let endings = [
        BadText(nil, "[", .unexpectedEnd, at: 1),
        BadText(nil, "[1", .unexpectedEnd, at: 2),
        BadText(nil, "[1, ", .unexpectedEnd, at: 4),
        BadText(nil, "{", .unexpectedEnd, at: 1),
        BadText(nil, #"{"a""#, .unexpectedEnd, at: 4),
        BadText(nil, #"{"a":"#, .unexpectedEnd, at: 5),
        BadText(nil, #"{"a":1"#, .unexpectedEnd, at: 6),
        BadText(nil, #"{"a":1,"#, .unexpectedEnd, at: 7),
    ]

    private static let trailing = [
        BadText(nil, "1 2", .trailingBytes, at: 2),
        BadText(nil, "{}{}", .trailingBytes, at: 2),
        BadText(nil, "null,", .trailingBytes, at: 4),
        BadText(nil, "[]]", .trailingBytes, at: 2),
        BadText(nil, "1// x", .trailingBytes, at: 1),
        BadText(nil, #""a"b"#, .trailingBytes, at: 3),
        BadText("a value and a NUL", "1\0", .trailingBytes, at: 1),
        BadText("a value and a byte-order mark", "1\u{FEFF}", .trailingBytes, at: 1),
    ]

    private static let depth = [
        BadText("513 arrays", nested("[", 513, "]"), .tooDeep, at: 512),
        BadText("513 objects", nested(#"{"":"#, 513, "}"), .tooDeep, at: 512 * 4),
        BadText("100,000 arrays that never end", nested("[", 100_000, ""), .tooDeep, at: 512),
    ]

    @Test("nesting of 512 levels is read and written as it was")
    func deepest() throws {
        let arrays = nested("[", 512, "]")
        let objects = nested(#"{"":"#, 511, "}").replacing("1", with: "[]")
        for text in [arrays, objects] {
            #expect(
                try CanonicalJSONWriter.text(of: StrictJSONParser.parse(Array(text.utf8))) == text)
        }
    }

    @Test("what was closed does not count as nesting")
    func siblings() throws {
        let text = "[" + Array(repeating: "[]", count: 2000).joined(separator: ",") + "]"
        #expect(try StrictJSONParser.parse(Array(text.utf8)).array?.count == 2000)
    }

    @Test("every beginning of a value is refused")
    func prefixes() {
        let sample = Array(
            #"{"a":[1,-2.5e+3,true,false,null,"é\n\ud83d\ude00"],"b":{"c":[]}}"#.utf8)
        for length in sample.indices {
            let error = #expect(throws: JSONError.self) {
                try StrictJSONParser.parse(Array(sample[..<length]))
            }
            #expect((error?.offset ?? .max) <= length)
        }
        #expect(throws: Never.self) { try StrictJSONParser.parse(sample) }
    }
}

/// The number 1 within so many levels.
private func nested(_ open: String, _ levels: Int, _ close: String) -> String {
    String(repeating: open, count: levels) + "1" + String(repeating: close, count: levels)
}
