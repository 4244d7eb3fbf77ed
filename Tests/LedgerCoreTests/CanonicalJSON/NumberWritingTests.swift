import LedgerCore
import LedgerTesting
import Testing

@Suite("Canonical JSON: numbers")
struct NumberWritingTests {
    private func text(_ value: Double) -> String { CanonicalJSONWriter.text(of: .number(value)) }

    /// RFC 8785, appendix B.
    @Test(
        "the samples of RFC 8785, appendix B",
        arguments: [
            (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"), (0x8000_0000_0000_0001, "-5e-324"),
            (0x7FEF_FFFF_FFFF_FFFF, "1.7976931348623157e+308"),
            (0xFFEF_FFFF_FFFF_FFFF, "-1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0xC340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44B5_2D02_C7E1_4AF5, "9.999999999999997e+22"), (0x44B5_2D02_C7E1_4AF6, "1e+23"),
            (0x44B5_2D02_C7E1_4AF7, "1.0000000000000001e+23"),
            (0x444B_1AE4_D6E2_EF4E, "999999999999999700000"),
            (0x444B_1AE4_D6E2_EF4F, "999999999999999900000"), (0x444B_1AE4_D6E2_EF50, "1e+21"),
            (0x3EB0_C6F7_A0B5_ED8C, "9.999999999999997e-7"), (0x3EB0_C6F7_A0B5_ED8D, "0.000001"),
            (0x41B3_DE43_5555_5553, "333333333.3333332"),
            (0x41B3_DE43_5555_5554, "333333333.33333325"),
            (0x41B3_DE43_5555_5555, "333333333.3333333"),
            (0x41B3_DE43_5555_5556, "333333333.3333334"),
            (0x41B3_DE43_5555_5557, "333333333.33333343"),
            (0xBECB_F647_612F_3696, "-0.0000033333333333333333"),
            (0x4314_3FF3_C1CB_0959, "1424953923781206.2"),
        ] as [(UInt64, String)])
    func appendixB(bits: UInt64, expected: String) {
        #expect(text(Double(bitPattern: bits)) == expected)
    }

    @Test(
        "the point and the exponent stand where ECMAScript has them",
        arguments: [
            (1, "1"), (-1, "-1"), (10, "10"), (0.1, "0.1"), (-0.1, "-0.1"), (1.5, "1.5"),
            (100, "100"),
            (123_456_789, "123456789"), (1e15, "1000000000000000"), (1e16, "10000000000000000"),
            (1e20, "100000000000000000000"), (1e21, "1e+21"), (-1e21, "-1e+21"),
            (1.5e21, "1.5e+21"),
            (123e20, "1.23e+22"), (1e300, "1e+300"), (0.01, "0.01"), (0.00001, "0.00001"),
            (0.000001, "0.000001"), (0.0000012, "0.0000012"), (1e-7, "1e-7"), (1.2e-7, "1.2e-7"),
            (-1e-7, "-1e-7"), (123e-9, "1.23e-7"), (1e-10, "1e-10"), (1e-100, "1e-100"),
            (.leastNonzeroMagnitude, "5e-324"), (0x1p-1022, "2.2250738585072014e-308"),
            (0x1p53, "9007199254740992"), (0x1p53 - 1, "9007199254740991"),
            (0x1p64, "18446744073709552000"), (0x1p63, "9223372036854776000"),
            (1234.5678, "1234.5678"), (100.5, "100.5"), (0.1 + 0.2, "0.30000000000000004"),
        ] as [(Double, String)])
    func places(value: Double, expected: String) {
        #expect(text(value) == expected)
    }

    @Test("every random double reads back as itself, with no more digits than Swift's own shortest")
    func roundTrip() throws {
        var random = RandomJSON(Seed.numbers(for: "doubles"))
        for _ in 0..<20_000 {
            let value = random.number()
            let written = text(value)
            let read = try StrictJSONParser.parse(Array(written.utf8), integers: .asStored)
            guard case .number(let number) = read, number == value else {
                Issue.record("\(value) is written \(written)")
                continue
            }
            #expect(digits(written) == digits(value.description), "\(value)")
            #expect(!written.contains("e") || value.magnitude >= 1e21 || value.magnitude < 1e-6)
        }
    }

    /// The significant digits of a decimal, without zeros at either end.
    private func digits(_ text: String) -> Substring {
        let mantissa = text.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }
        return mantissa[...].trimmingZeros
    }
}

extension Substring {
    fileprivate var trimmingZeros: Substring {
        var rest = self
        while rest.last == "0" { rest.removeLast() }
        return rest
    }
}
