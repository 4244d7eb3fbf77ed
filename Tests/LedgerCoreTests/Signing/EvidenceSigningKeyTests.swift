import LedgerCore
import Testing

@Suite("Keys that sign bundles")
struct EvidenceSigningKeyTests {
    /// The key of RFC 6979, A.2.5.
    private static let pem = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIMmvqdhFunUWa1whV2ex1pNOUMPbNuibEnuKYisSD2choAoGCCqGSM49
        AwEHoUQDQgAEYP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Z5A/4QCLi8
        maQa6elWKLxk8vGyDC1+n1F3o8KU1EYimQ==
        -----END EC PRIVATE KEY-----

        """

    @Test(
        "the vectors of RFC 6979, A.2.5, for SHA-256",
        arguments: [
            (
                "sample",
                "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                    + "022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
            ),
            (
                "test",
                "3045022100f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
                    + "0220019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083"
            ),
        ])
    func vectors(message: String, signature: String) throws {
        let key = try EvidenceSigningKey(pem: Array(Self.pem.utf8))
        let signed = try key.sign(Array(message.utf8))
        #expect(Hex.encode(signed) == signature)
        #expect(key.publicKey.verifies(signed, of: Array(message.utf8)))
        #expect(!key.publicKey.verifies(signed, of: Array("another".utf8)))
    }

    @Test("what it signs of any length verifies, and is the same again")
    func anyLength() throws {
        let key = try EvidenceSigningKey(pem: Array(Self.pem.utf8))
        for length in [0, 1, 31, 32, 33, 64, 1000] {
            let message = [UInt8](repeating: UInt8(length % 251), count: length)
            let signature = try key.sign(message)
            #expect(key.publicKey.verifies(signature, of: message))
            #expect(try key.sign(message) == signature)
        }
    }
}
