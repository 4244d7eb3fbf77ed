import LedgerCore
import Testing

/// What needs an authority is in Tests/scenarios/test_timestamp.py.
@Suite("Time stamps")
struct TimestampTests {
    @Test("a request is the one that openssl ts -query makes, with the nonce")
    func request() throws {
        let request = try TimestampRequest(of: Array("hello".utf8), nonce: [0x01, 0x02])
        #expect(
            Hex.encode(request.der)
                == "303d02010130"
                + "31300d060960864801650304020105000420"
                + "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
                + "020201020101ff")
    }

    @Test("two requests have different nonces")
    func nonces() throws {
        let data = Array("hello".utf8)
        #expect(try TimestampRequest(of: data).nonce != TimestampRequest(of: data).nonce)
    }

    @Test(
        "what is no granted response is refused",
        arguments: [
            "", "00", "30", "3000", "3080", "30800000", "68656c6c6f",
            // Rejected (2), without a token; the same with more behind it; granted without a token.
            "3005300302 0102", "3005300302 010200", "3005300302 0100",
        ])
    func malformed(hex: String) throws {
        let bytes = try #require(Hex.decode(String(hex.filter { $0 != " " })))
        #expect(throws: CryptoError.self) { try TimestampResponse(der: bytes) }
    }

    @Test(
        "certificates are read whole or not at all",
        arguments: [
            "", "hello", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n",
            "-----BEGIN PUBLIC KEY-----\naGVsbG8=\n-----END PUBLIC KEY-----\n",
        ])
    func certificates(pem: String) {
        #expect(throws: CryptoError.self) { try TimestampAuthorities(pem: Array(pem.utf8)) }
    }
}
