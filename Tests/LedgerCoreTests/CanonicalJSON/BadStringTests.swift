import Testing

@testable import LedgerCore

@Suite("Strict JSON: malformed strings and names")
struct BadStringTests {
    @Test("a malformed string is refused with its fault and place", arguments: rows)
    func malformed(row: BadText) {
        #expect(throws: JSONError(fault: row.fault, offset: row.offset)) {
            try StrictJSONParser.parse(row.bytes)
        }
    }

    static let rows: [BadText] = encodings + surrogates + escapes + endings + names

    private static let encodings: [BadText] = [
        .quoted("a lone continuation byte", [0x80], .invalidUTF8),
        .quoted("the last continuation byte", [0xBF], .invalidUTF8),
        .quoted("NUL in two bytes", [0xC0, 0x80], .invalidUTF8),
        .quoted("a slash in two bytes", [0xC0, 0xAF], .invalidUTF8),
        .quoted("U+007F in two bytes", [0xC1, 0xBF], .invalidUTF8),
        .quoted("NUL in three bytes", [0xE0, 0x80, 0x80], .invalidUTF8),
        .quoted("U+07FF in three bytes", [0xE0, 0x9F, 0xBF], .invalidUTF8),
        .quoted("NUL in four bytes", [0xF0, 0x80, 0x80, 0x80], .invalidUTF8),
        .quoted("U+FFFF in four bytes", [0xF0, 0x8F, 0xBF, 0xBF], .invalidUTF8),
        .quoted("the surrogate D800", [0xED, 0xA0, 0x80], .invalidUTF8),
        .quoted("the surrogate DFFF", [0xED, 0xBF, 0xBF], .invalidUTF8),
        .quoted("a pair of surrogates", [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], .invalidUTF8),
        .quoted("U+110000", [0xF4, 0x90, 0x80, 0x80], .invalidUTF8),
        .quoted("F5", [0xF5, 0x80, 0x80, 0x80], .invalidUTF8),
        .quoted("a sequence of five bytes", [0xF8, 0x88, 0x80, 0x80, 0x80], .invalidUTF8),
        .quoted("FE", [0xFE], .invalidUTF8),
        .quoted("FF", [0xFF], .invalidUTF8),
        .quoted("one byte of two", [0xC3], .invalidUTF8),
        .quoted("two bytes of three", [0xE2, 0x82], .invalidUTF8),
        .quoted("three bytes of four", [0xF0, 0x9F, 0x98], .invalidUTF8),
        .quoted("a letter for the second byte", [0xC3, 0x28], .invalidUTF8),
        .quoted("a letter for the third byte", [0xE2, 0x82, 0x28], .invalidUTF8),
        .quoted("a letter for the fourth byte", [0xF0, 0x9F, 0x98, 0x28], .invalidUTF8),
        .quoted("a leading byte for the last", [0xE2, 0x82, 0xC3, 0xA9], .invalidUTF8),
        .quoted("Latin-1", [0x61, 0xE9, 0x62], .invalidUTF8, at: 1),
        .quoted("a bad byte after an escape", [0x5C, 0x6E, 0xFF], .invalidUTF8, at: 2),
        BadText("the end within a character", [0x22, 0xE2, 0x82], .invalidUTF8, at: 1),
        BadText("in a name", [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D], .invalidUTF8, at: 2),
    ]

    private static let surrogates: [BadText] = [
        .quoted(#"\ud800"#, .loneSurrogate), .quoted(#"\udbff"#, .loneSurrogate),
        .quoted(#"\udc00"#, .loneSurrogate), .quoted(#"\udfff"#, .loneSurrogate),
        .quoted(#"\uD800"#, .loneSurrogate), .quoted(#"\ud800x"#, .loneSurrogate),
        .quoted(#"\ud800\n"#, .loneSurrogate), .quoted(#"\ud800\\udc00"#, .loneSurrogate),
        .quoted(#"\ud800\u0041"#, .loneSurrogate), .quoted(#"\ud800\ud800"#, .loneSurrogate),
        .quoted(#"\udc00\ud800"#, .loneSurrogate), .quoted(#"\udc00\udc00"#, .loneSurrogate),
        .quoted(#"\ud800\ud800\udc00"#, .loneSurrogate),
        .quoted(#"\ud83d\ude00\ud83d"#, .loneSurrogate, at: 12),
        .quoted(#"a\ude00"#, .loneSurrogate, at: 1),
        BadText(nil, #"{"\ud800":1}"#, .loneSurrogate, at: 2),
        BadText(nil, #"["\ud800"#, .loneSurrogate, at: 2),
    ]

    private static let escapes: [BadText] = [
        .quoted(#"\x41"#, .badEscape), .quoted(#"\'"#, .badEscape), .quoted(#"\a"#, .badEscape),
        .quoted(#"\0"#, .badEscape), .quoted(#"\U0041"#, .badEscape), .quoted(#"\ "#, .badEscape),
        .quoted(#"\é"#, .badEscape), .quoted("\\\n", .badEscape),
        .quoted(#"\u00g0"#, .badEscape, at: 4), .quoted(#"\u12"#, .badEscape, at: 4),
        .quoted(#"\u+123"#, .badEscape, at: 2), .quoted(#"\u{41}"#, .badEscape, at: 2),
        .quoted(#"\ud83d\u"#, .badEscape, at: 8),
    ]

    private static let endings: [BadText] = [
        BadText(nil, #"""#, .unterminatedString, at: 0),
        BadText(nil, #""abc"#, .unterminatedString, at: 0),
        BadText(nil, #"{"a"#, .unterminatedString, at: 1),
        BadText(nil, #"["\""#, .unterminatedString, at: 1),
        BadText(nil, #""\"#, .unexpectedEnd, at: 2),
        BadText(nil, #""\u12"#, .unexpectedEnd, at: 5),
    ]

    private static let names: [BadText] = [
        BadText(nil, #"{"a":1,"a":2}"#, .duplicateName("a"), at: 0),
        BadText(nil, #"{"a":1,"a":1}"#, .duplicateName("a"), at: 0),
        BadText(nil, #"{"a":1,"b":2,"a":3}"#, .duplicateName("a"), at: 0),
        BadText(nil, #"{"c":1,"b":2,"a":3,"b":4}"#, .duplicateName("b"), at: 0),
        BadText(nil, #"{"a":1,"\u0061":2}"#, .duplicateName("a"), at: 0),
        BadText(nil, #"{"\/":1,"/":2}"#, .duplicateName("/"), at: 0),
        BadText(nil, #"{"\n":1,"\u000A":2}"#, .duplicateName("\n"), at: 0),
        BadText(nil, #"{"😀":1,"\ud83d\ude00":2}"#, .duplicateName("😀"), at: 0),
        BadText(nil, #"{"":1,"":2}"#, .duplicateName(""), at: 0),
        BadText(nil, "{\"\u{E9}\":1,\"\\u00e9\":2}", .duplicateName("\u{E9}"), at: 0),
        BadText(nil, #"{"b":{"a":1,"a":2}}"#, .duplicateName("a"), at: 5),
        BadText(nil, #"[[],{"a":1,"a":2}]"#, .duplicateName("a"), at: 4),
    ]

    @Test("a raw control character in a string is refused", arguments: 0..<0x20 as Range<UInt8>)
    func controlCharacters(byte: UInt8) {
        let fault = JSONError(fault: .controlCharacter(byte), offset: 2)
        #expect(throws: fault) { try StrictJSONParser.parse([0x22, 0x61, byte, 0x22]) }
    }

    @Test("a precomposed letter and its decomposed twin are two names, and two strings")
    func normalisation() throws {
        let value = try StrictJSONParser.parse(Array("{\"\u{E9}\":1,\"e\u{301}\":2}".utf8))
        #expect(value.object?.members.count == 2)
        #expect(value.object?["\u{E9}"] == 1)
        #expect(value.object?["e\u{301}"] == 2)
        #expect(JSONValue.string("\u{E9}") != JSONValue.string("e\u{301}"))
    }

    @Test("what stands in strings without escapes comes back as it was")
    func plain() throws {
        let texts = [
            "", "\u{7F}", "\u{80}", "\u{FEFF}", "\u{2028}", "\u{7FF}", "\u{800}", "\u{D7FF}",
            "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}", "e\u{301}",
        ]
        for text in texts {
            let value = try StrictJSONParser.parse(Array("\"\(text)\"".utf8))
            #expect(value == .string(text))
        }
    }

    @Test("escapes are read, in either case")
    func goodEscapes() throws {
        let text = #""\"\\\/\b\f\n\r\t\u0041\u00e9\u00E9\ud83d\ude00\uD83D\uDE00\u0000""#
        let expected = "\"\\/\u{8}\u{C}\n\r\tA\u{E9}\u{E9}\u{1F600}\u{1F600}\0"
        #expect(try StrictJSONParser.parse(Array(text.utf8)) == .string(expected))
    }
}
