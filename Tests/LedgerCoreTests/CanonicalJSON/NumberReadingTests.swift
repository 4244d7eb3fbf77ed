import Testing

@testable import LedgerCore

@Suite("Strict JSON: numbers")
struct NumberReadingTests {
    @Test("a malformed number is refused with its fault and place", arguments: rows)
    func malformed(row: BadText) {
        #expect(throws: JSONError(fault: row.fault, offset: row.offset)) {
            try StrictJSONParser.parse(row.bytes)
        }
    }

    static let rows: [BadText] = malformed + outOfRange

    private static let malformed: [BadText] = [
        BadText(nil, "01", .badNumber, at: 0), BadText(nil, "-01", .badNumber, at: 0),
        BadText(nil, "00", .badNumber, at: 0), BadText(nil, "-00", .badNumber, at: 0),
        BadText(nil, "00.5", .badNumber, at: 0), BadText(nil, "1.", .badNumber, at: 0),
        BadText(nil, "[1.]", .badNumber, at: 1), BadText(nil, "1.e1", .badNumber, at: 0),
        BadText(nil, ".5", .unexpected(0x2E), at: 0), BadText(nil, "-.5", .badNumber, at: 0),
        BadText(nil, "+1", .unexpected(0x2B), at: 0), BadText(nil, "-", .badNumber, at: 0),
        BadText(nil, "--1", .badNumber, at: 0), BadText(nil, "- 1", .badNumber, at: 0),
        BadText(nil, "-+1", .badNumber, at: 0), BadText(nil, "-Infinity", .badNumber, at: 0),
        BadText(nil, "-NaN", .badNumber, at: 0), BadText(nil, "1e", .badNumber, at: 0),
        BadText(nil, "1E+", .badNumber, at: 0), BadText(nil, "1e-", .badNumber, at: 0),
        BadText(nil, "0e", .badNumber, at: 0), BadText(nil, "1e+-1", .badNumber, at: 0),
        BadText(nil, "1ee1", .badNumber, at: 0), BadText(nil, "0x1", .trailingBytes, at: 1),
        BadText(nil, "1e1.5", .trailingBytes, at: 3), BadText(nil, "1.2.3", .trailingBytes, at: 3),
        BadText(nil, "1_000", .trailingBytes, at: 1), BadText(nil, "1,5", .trailingBytes, at: 1),
        BadText(nil, "0b1", .trailingBytes, at: 1), BadText(nil, "1f", .trailingBytes, at: 1),
        BadText("an Arabic digit", "\u{661}", .unexpected(0xD9), at: 0),
        BadText("a minus sign, U+2212", "\u{2212}1", .unexpected(0xE2), at: 0),
        BadText("a full-width digit after a digit", "1\u{FF11}", .trailingBytes, at: 1),
    ]

    private static let outOfRange: [BadText] = [
        BadText(nil, "1e400", .numberTooLarge, at: 0),
        BadText(nil, "-1e400", .numberTooLarge, at: 0),
        BadText(nil, "[1e309]", .numberTooLarge, at: 1),
        BadText(nil, "1.8e308", .numberTooLarge, at: 0),
        BadText(nil, "1e99999999999999999999", .numberTooLarge, at: 0),
        BadText("1 and 400 zeros", zeros(400), .numberTooLarge, at: 0),
        BadText(nil, "9007199254740992", .integerTooLarge, at: 0),
        BadText(nil, "9007199254740993", .integerTooLarge, at: 0),
        BadText(nil, "-9007199254740992", .integerTooLarge, at: 0),
        BadText(nil, "-9007199254740993", .integerTooLarge, at: 0),
        BadText(nil, "[ 10000000000000000]", .integerTooLarge, at: 2),
        BadText(nil, "18446744073709551615", .integerTooLarge, at: 0),
        BadText("2^64 + 1, which wraps to 1", "18446744073709551617", .integerTooLarge, at: 0),
        BadText("1 and 300 zeros", zeros(300), .integerTooLarge, at: 0),
    ]

    @Test(
        "a number is read as the closest double",
        arguments: [
            ("0", 0), ("-0", -0.0), ("0.0", 0), ("1", 1), ("-1", -1), ("10", 10), ("1e0", 1),
            ("1E5", 1e5), ("1e+5", 1e5), ("1e-05", 1e-5), ("1.50", 1.5), ("0e0", 0), ("0.1", 0.1),
            ("123456789012345", 123_456_789_012_345), ("9007199254740991", 9_007_199_254_740_991),
            ("-9007199254740991", -9_007_199_254_740_991), ("999999999999999.9", 1e15 - 0.125),
            ("9007199254740993.0", 9_007_199_254_740_992), ("1e20", 1e20),
            ("5e-324", .leastNonzeroMagnitude),
            ("1.7976931348623157e308", .greatestFiniteMagnitude),
            ("2.2250738585072014e-308", 0x1p-1022),
            ("1e-400", 0), ("-1e-400", -0.0), ("1e-99999999999999999999", 0),
            ("0e99999999999999999999", 0),
            ("333333333.33333329", 333_333_333.333_333_3),
        ] as [(String, Double)])
    func reading(text: String, expected: Double) throws {
        guard case .number(let value) = try StrictJSONParser.parse(Array(text.utf8)) else {
            Issue.record("\(text) is not read as a number")
            return
        }
        #expect(value == expected && value.sign == expected.sign)
    }

    @Test("stored bytes may hold the canonical digits of a large double")
    func stored() throws {
        for (text, expected) in [
            ("100000000000000000000", 1e20), ("9007199254740992", 0x1p53),
            ("-295147905179352830000", -0x1p68),
        ] as [(String, Double)] {
            let value = try StrictJSONParser.parse(Array(text.utf8), integers: .asStored)
            #expect(value == .number(expected))
            #expect(CanonicalJSONWriter.text(of: value) == text)
        }
        let rounded = try StrictJSONParser.parse(
            Array("9007199254740993".utf8), integers: .asStored)
        #expect(CanonicalJSONWriter.text(of: rounded) == "9007199254740992")
        #expect(throws: JSONError(fault: .numberTooLarge, offset: 0)) {
            try StrictJSONParser.parse(Array(Self.zeros(400).utf8), integers: .asStored)
        }
    }

    private static func zeros(_ count: Int) -> String { "1" + String(repeating: "0", count: count) }
}
