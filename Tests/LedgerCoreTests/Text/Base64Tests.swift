import LedgerCore
import LedgerTesting
import Testing

@Suite("Base64")
struct Base64Tests {
    /// RFC 4648 §10.
    @Test(
        "the vectors of RFC 4648",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ])
    func vectors(plain: String, encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
    }

    @Test(
        "what is not the one text of some bytes is refused",
        arguments: [
            "A", "AA", "AAA", "AA=", "=", "==", "===", "====", "A===", "AAAA=", "AAAA====",
            "AA==AA==",
            "AA=A", "=AAA", "AAA=AAAA", "Zg==\n", "Zm9v\n", " Zm9v", "Zm 9v", "Zm9v ", "Zm\r\n9v",
            "Zm9-", "Zm9_", "Zm9*", "Zm9é", "Zm9v\0", "AAA\u{FF21}", "AB==", "Zh==", "Zv==", "AAB=",
            "Zm9=",
            "//==", "///=",
        ])
    func strictness(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test("random bytes come back, and another text never gives them")
    func roundTrip() {
        var numbers = Seed.numbers(for: "base64")
        for length in 0..<100 {
            let bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &numbers) }
            let text = Base64.encode(bytes)
            #expect(text.utf8.count == (length + 2) / 3 * 4)
            #expect(Base64.decode(text) == bytes)
            var other = Array(text.utf8)
            for place in other.indices {
                other[place] ^= 1
                #expect(Base64.decode(String(decoding: other, as: UTF8.self)) != bytes)
                other[place] ^= 1
            }
        }
    }
}
