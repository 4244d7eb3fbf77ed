import LedgerCore
import Testing

@Suite("Hexadecimal")
struct HexTests {
    @Test("every byte has two lower-case digits")
    func allBytes() {
        let bytes = Array(UInt8.min ... .max)
        let text = Hex.encode(bytes)
        #expect(text.hasPrefix("000102") && text.hasSuffix("fdfeff") && text == text.lowercased())
        #expect(Hex.decode(text) == bytes)
        #expect(Hex.decode("") == [])
    }

    @Test(
        "anything else is refused",
        arguments: [
            "0", "000", "0g", "g0", "0x", " 00", "00 ", "0\n", "-1", "+1", "é", "\u{FF10}0",
            "a\u{301}", "AB", "aB",
        ])
    func strictness(text: String) {
        #expect(Hex.decode(text) == nil)
    }
}
