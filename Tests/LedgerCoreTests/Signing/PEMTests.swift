import LedgerCore
import LedgerTesting
import Testing

/// Made by `openssl genpkey`, for these tests only.
@Suite("Signing keys in PEM")
struct PEMTests {
    /// The key of docs/spec/checkpoint.md, as `openssl` writes it.
    private let pem = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f
        -----END PRIVATE KEY-----
        """ + "\n"

    @Test("a key is written as openssl writes it, and read back")
    func roundTrip() throws {
        let key = try Keys.first()
        #expect(try String(decoding: key.pem(), as: UTF8.self) == pem)
        #expect(try SigningKey(pem: Array(pem.utf8)).publicKey == key.publicKey)
    }

    @Test("text around the key does no harm")
    func surroundings() throws {
        let text = "a comment\n" + pem + "more\n"
        #expect(try SigningKey(pem: Array(text.utf8)).publicKey == Keys.first().publicKey)
    }

    @Test("a file that is cut off, damaged or no key is refused")
    func damaged() throws {
        let bytes = Array(pem.utf8)
        // Without the last line feed or the last dash of its end line, openssl itself still reads it.
        for length in 0..<(bytes.count - 6) {
            #expect(throws: CryptoError.self) { try SigningKey(pem: Array(bytes[..<length])) }
        }
        for text in ["", "\0", "not a key", pem.replacing("MC4C", with: "MC5C")] {
            #expect(throws: CryptoError.self) { try SigningKey(pem: Array(text.utf8)) }
        }
    }

    @Test("a key of another kind, a public one or an encrypted one is refused", arguments: others)
    func otherKinds(kind: String, text: String) {
        #expect(throws: CryptoError.self) { try SigningKey(pem: Array(text.utf8)) }
    }

    static let others: [(String, String)] = [
        (
            "an RSA key",
            """
            -----BEGIN PRIVATE KEY-----
            MIICdQIBADANBgkqhkiG9w0BAQEFAASCAl8wggJbAgEAAoGBAMMfPX6Tvb3rhFmW
            Tos3JvUv6LGQrhWrVyH5WxoAsCgGrCSWfNrtDkyWgvsAxVgagi8W7SvunoBs2qYG
            mNOAuwvaDb1QSyHG80lxsETuCdzrljFX19X5fkrY2sjTjwvsmCj1oEmEKX1i+08b
            JLMgmMEUHsj0LvYdcFgteiHVAaFlAgMBAAECgYAwrneqP/QkEUGpFF4uT6lRnQ1i
            V+WHFIOdv1fiae+JXPjP/BfUizZ5F0hAlZWnAJ4gX4j24Ab9par7p0Oz6TdBMwSt
            1oSNNonu7jbmWt93baJfTIWHjBTQ95G0/yZsSdAMCHgO3vzwEaFMjyz1/BYRNW/f
            4TxjqN12jN14pRB1lQJBAOzj15GAqhrJk1veRU7g7mqm6qR+rOvyZda5N/4yr3U8
            EuC9q7mYXk8MK1i4LBDGAkCF9el4FmRLHW5j8hNNn3cCQQDS3NKUHuhJ3nFlz+xG
            F7hspZz8Q3GUgAax9YfdTse1tuWFyHbyWmaijzWJsTHTr4d9C90XdF3ZKT8oDDiU
            HBUDAkBigjjhi+Sw8QQzXtHphEYA2dqXfwn/sDRDP5CWR5OJJ+sdxCIGMuN88a2Q
            3j2M2BqVpF9nsAV3vXjGsA85kbzvAkAp6R4ptqLw27eqRtNtcxWC8r/rG/SdUX0D
            LgwdHqVvJrUkDB4oOXOg59n6Ti/bJU5Gum7tVIG6wgn9icBNH+/FAkB7lDYZUR+c
            NbLkE4Txs9vghFcQmRN7Z+YGQXJBn6xsnF3IY0vfexyEUYWWYBGvKjV5ih0Ykgej
            97KwYgcCkpOO
            -----END PRIVATE KEY-----
            """
        ),
        (
            "an EC key",
            """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgS1x1G8r+tukKE7Qy
            V4DSZFJmyH+Kasf5G+qMWWr3JnShRANCAASwt2UTpZQ+ZsO/eP8/3vSaXk8bs7II
            UdPj4gfkVKnqBvC59HJZokYkQs8jUEemq48+UIFNy2dYxwsIjctIRFmd
            -----END PRIVATE KEY-----
            """
        ),
        (
            "an EC key in SEC 1 form",
            """
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEIEtcdRvK/rbpChO0MleA0mRSZsh/imrH+RvqjFlq9yZ0oAoGCCqGSM49
            AwEHoUQDQgAEsLdlE6WUPmbDv3j/P970ml5PG7OyCFHT4+IH5FSp6gbwufRyWaJG
            JELPI1BHpquPPlCBTctnWMcLCI3LSERZnQ==
            -----END EC PRIVATE KEY-----
            """
        ),
        (
            "an X25519 key",
            """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VuBCIEIKiPcQEcWN5lePn4GU+VVZV+hLHoVAbWTv/GSUcz8NRt
            -----END PRIVATE KEY-----
            """
        ),
        (
            "an Ed448 key",
            """
            -----BEGIN PRIVATE KEY-----
            MEcCAQAwBQYDK2VxBDsEORO55XnsRGnvy4GCqLSj7kEXFDlEJDQsTJb6udJKOUc1
            Q8Y9jhKNwVCg6Pkkw/MEODy0vnkAxA1FLA==
            -----END PRIVATE KEY-----
            """
        ),
        (
            "an encrypted key",
            """
            -----BEGIN ENCRYPTED PRIVATE KEY-----
            MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgnLr6tBzh7GgICCAAw
            DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEOcRaoo8rbFxQvneMNegurwEQBSW
            etKeKk45tnwb9tDQTMMZ4SFGRDeVqNIBM7Sebl+DX33AwrTb7fOwIvOKbTPjSUbc
            SY9qXnpzYWHrBYU6IuU=
            -----END ENCRYPTED PRIVATE KEY-----
            """
        ),
        (
            "a public key",
            """
            -----BEGIN PUBLIC KEY-----
            MCowBQYDK2VwAyEAA6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=
            -----END PUBLIC KEY-----
            """
        ),
    ]
}
