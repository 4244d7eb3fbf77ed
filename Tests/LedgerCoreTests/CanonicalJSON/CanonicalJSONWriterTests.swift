import LedgerCore
import LedgerTesting
import Testing

@Suite("Canonical JSON: writing")
struct CanonicalJSONWriterTests {
    private func canonical(_ text: String) throws -> String {
        try CanonicalJSONWriter.text(of: StrictJSONParser.parse(Array(text.utf8)))
    }

    @Test("the sample of RFC 8785 §3.2.2")
    func sample() throws {
        let input = #"""
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """#
        let expected =
            #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
            + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#
        #expect(try canonical(input) == expected)
    }

    @Test("members are sorted as in RFC 8785 §3.2.3, a surrogate pair before U+FB33")
    func sortedMembers() throws {
        let input = #"""
            {"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh",
             "1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control",
             "\u00f6":"Latin Small Letter O With Diaeresis"}
            """#
        let object = try #require(try StrictJSONParser.parse(Array(input.utf8)).object)
        #expect(
            object.members.compactMap(\.value.string) == [
                "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis",
                "Euro Sign", "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh",
            ])
    }

    @Test("names are in the order of their UTF-16 code units, at every edge of the ranges")
    func utf16Order() {
        let names = [
            "", "\0", "a", "a\0", "aa", "b", "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}",
            "\u{10000}", "\u{10000}a", "\u{1F600}", "\u{FFFFF}", "\u{100000}", "\u{10FFFF}",
            "\u{E000}", "\u{EFFF}", "\u{F000}", "\u{FFFD}", "\u{FFFF}", "\u{FFFF}\u{10000}",
            "\u{FFFF}\u{E000}",
        ]
        for (left, name) in names.enumerated() {
            for (right, other) in names.enumerated() {
                var object = JSONObject()
                object[other] = 1
                object[name] = 2
                let isFirst = object.members.first?.name.isSameText(as: name) == true
                #expect(
                    isFirst == (left <= right), "\(name.debugDescription) \(other.debugDescription)"
                )
            }
        }
    }

    @Test("random names are in the order of Swift's own UTF-16 view")
    func randomOrder() {
        var random = RandomJSON(Seed.numbers(for: "utf-16 order"))
        for _ in 0..<200 {
            let names = random.object(depth: 1).members.map { Array($0.name.utf16) }
            #expect(names == names.sorted { $0.lexicographicallyPrecedes($1) })
        }
    }

    @Test("of strings only the quotation mark, the backslash and U+0000–U+001F are escaped")
    func escapes() {
        let short = [8: #"\b"#, 9: #"\t"#, 10: #"\n"#, 12: #"\f"#, 13: #"\r"#]
        for code in 0..<0x20 as Range<UInt8> {
            let hex = (code < 16 ? "0" : "") + String(code, radix: 16)
            let expected = short[Int(code)] ?? "\\u00\(hex)"
            let text = CanonicalJSONWriter.text(of: .string(String(Unicode.Scalar(code))))
            #expect(text == "\"\(expected)\"")
        }
        #expect(CanonicalJSONWriter.text(of: #"a"b\c"#) == #""a\"b\\c""#)
        let plain = "/'<>&\u{7F}\u{80}\u{2028}\u{2029}\u{FEFF}\u{FFFF}\u{10FFFF}e\u{301}"
        let written = CanonicalJSONWriter.bytes(of: .string(plain))
        #expect(written == [0x22] + Array(plain.utf8) + [0x22])
    }

    @Test("empty and nested values stand without white space")
    func structure() throws {
        #expect(try canonical(" [ ] ") == "[]")
        #expect(try canonical("{ }") == "{}")
        #expect(
            try canonical(#"{ "b" : [ 1 , { } ] , "a" : { "c" : null } }"#)
                == #"{"a":{"c":null},"b":[1,{}]}"#)
    }

    @Test("writing is a fixed point: what was written is read and written as it was")
    func fixedPoint() throws {
        var random = RandomJSON(Seed.numbers(for: "fixed point"))
        for _ in 0..<1000 {
            let value = random.value()
            let bytes = CanonicalJSONWriter.bytes(of: value)
            let again = try StrictJSONParser.parse(bytes, integers: .asStored)
            #expect(again == value)
            #expect(CanonicalJSONWriter.bytes(of: again) == bytes)
        }
    }

    @Test("the order and the white space of the input leave no trace")
    func order() throws {
        var random = RandomJSON(Seed.numbers(for: "order"))
        for _ in 0..<200 {
            let object = random.object(depth: 3)
            let text = object.members.reversed().map { member in
                CanonicalJSONWriter.text(of: .string(member.name)) + " :\n"
                    + CanonicalJSONWriter.text(of: member.value)
            }.joined(separator: "\t,\r\n ")
            let value = try StrictJSONParser.parse(Array("{\(text)}".utf8), integers: .asStored)
            #expect(value == .object(object))
        }
    }
}
