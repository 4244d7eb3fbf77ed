import LedgerCore
import Testing

@Suite("Decimal numbers of notes")
struct DecimalTests {
    @Test("a decimal number without sign and leading zeros is read")
    func good() {
        for value in [0, 1, 9, 10, 4_294_967_296, UInt64.max] {
            #expect(UInt64(decimal: "\(value)") == value)
        }
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", "00", "01", "+1", "-1", "-0", " 1", "1 ", "1\n", "1.0", "1e1", "0x1", "1_0",
            "18446744073709551616", "99999999999999999999999", "\u{661}", "1\u{301}",
        ])
    func bad(text: String) {
        #expect(UInt64(decimal: text) == nil)
    }
}
