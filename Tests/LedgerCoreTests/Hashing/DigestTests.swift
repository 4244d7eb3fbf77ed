import LedgerCore
import Testing

@Suite("Digests")
struct DigestTests {
    private let hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    @Test("SHA-256 gives the vectors of FIPS 180-4")
    func vectors() {
        #expect(SHA256.hash([]).hex == hex)
        #expect(
            SHA256.hash(Array("abc".utf8)).hex
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            SHA256.hash(Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8)).hex
                == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
        #expect(
            SHA256.hash(Array(repeating: 0x61, count: 1_000_000)).hex
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test("one hasher gives independent hashes")
    func reuse() {
        var hasher = SHA256()
        let first = [1, 2, 3].withUnsafeBytes { hasher.hash($0) }
        _ = [UInt8]().withUnsafeBytes { hasher.hash($0) }
        #expect([1, 2, 3].withUnsafeBytes { hasher.hash($0) } == first)
    }

    @Test("a digest comes back from its bytes and digits, and has exactly 32 bytes")
    func forms() throws {
        let digest = try #require(Digest(hex: hex))
        #expect(Digest(hex: hex.uppercased()) == nil)
        #expect(Digest(digest.bytes) == digest)
        #expect(digest.hex == hex && digest.description == hex)
        #expect(digest.base64 == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
        for count in [0, 31, 33, 64] { #expect(Digest([UInt8](repeating: 0, count: count)) == nil) }
        for text in ["", String(hex.dropLast()), hex + "0", hex + "00", " " + hex.dropFirst()] {
            #expect(Digest(hex: text) == nil)
        }
        #expect(Digest.zero.bytes == [UInt8](repeating: 0, count: 32))
    }

    @Test("digests are equal only in all 32 bytes")
    func equality() throws {
        let bytes = SHA256.hash([1]).bytes
        for index in bytes.indices {
            var other = bytes
            other[index] ^= 1
            #expect(Digest(other) != Digest(bytes))
        }
    }
}
