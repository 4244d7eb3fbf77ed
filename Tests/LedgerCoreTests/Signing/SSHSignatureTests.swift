import LedgerCore
import LedgerTesting
import Testing

@Suite("SSH signatures")
struct SSHSignatureTests {
    @Test("a true signature of each algorithm is taken", arguments: SSHFixture.good)
    func goodSignatures(fixture: SSHFixture) throws {
        let signature = try fixture.signature()
        #expect(try signature.publicKey == fixture.publicKey())
        #expect(signature.namespace == "daybook")
        #expect(signature.hashAlgorithm == (fixture.what.hasSuffix("SHA-256") ? .sha256 : .sha512))
        #expect(throws: Never.self) {
            try signature.verify(SSHFixture.message, namespace: "daybook")
        }
    }

    @Test("another message or namespace makes a signature false", arguments: SSHFixture.good)
    func otherMessages(fixture: SSHFixture) throws {
        let signature = try fixture.signature()
        for message in [[], SSHFixture.message + [0], Array("Ship It.\n".utf8)] {
            #expect(throws: CryptoError.self) {
                try signature.verify(message, namespace: "daybook")
            }
        }
        for namespace in ["", "Daybook", "daybook ", "file"] {
            #expect(throws: CryptoError.self) {
                try signature.verify(SSHFixture.message, namespace: namespace)
            }
        }
    }

    @Test("an error says what is wrong", arguments: sentences)
    func errorSentences(fixture: SSHFixture, namespace: String, sentence: String) throws {
        let error = try #require(throws: CryptoError.self) {
            try fixture.signature().verify(SSHFixture.message, namespace: namespace)
        }
        #expect(error.description == sentence)
    }

    static let sentences: [(SSHFixture, String, String)] = [
        (.ed25519, "git", #"the signature is for the namespace "daybook", not for "git""#),
        (
            .rsaWithSHA1, "daybook",
            "an RSA signature of type ssh-rsa is with SHA-1; rsa-sha2-512 or rsa-sha2-256 is needed"
        ),
        (.tokenEd25519Untouched, "daybook", "no user touched the security key that signed"),
    ]

    @Test("any byte changed to any other makes an Ed25519 signature bad")
    func changedBytes() throws {
        let blob = try SSHFixture.ed25519.blob()
        for index in blob.indices {
            for change in UInt8(1)...255 {
                var bytes = blob
                bytes[index] ^= change
                #expect(!Self.isGood(bytes), "byte \(index) changed by \(change)")
            }
        }
    }

    @Test("one bit changed makes a signature bad", arguments: SSHFixture.good)
    func changedBits(fixture: SSHFixture) throws {
        let blob = try fixture.blob()
        for index in blob.indices {
            var bytes = blob
            bytes[index] ^= 1 << UInt8(index % 8)
            #expect(!Self.isGood(bytes), "byte \(index) changed")
        }
    }

    @Test("a blob that is cut off or goes on is refused", arguments: SSHFixture.good)
    func lengths(fixture: SSHFixture) throws {
        let blob = try fixture.blob()
        for length in blob.indices { #expect(!Self.isGood(Array(blob[..<length]))) }
        #expect(!Self.isGood(blob + [0]))
    }

    @Test("a signature by a key is not one by another key of the same type")
    func otherKeys() throws {
        let key = try SSHFixture.ed25519.publicKey().blob
        let other =
            SSHFixture.field("ssh-ed25519") + SSHFixture.field(try Keys.first().publicKey.bytes)
        let blob = try SSHFixture.ed25519.blob()
        let range = try #require(blob.firstRange(of: key))
        #expect(!Self.isGood(Array(blob[..<range.lowerBound]) + other + blob[range.upperBound...]))
    }

    @Test("S plus the order of the group makes an Ed25519 signature bad (RFC 8032 §5.1.7)")
    func malleated() throws {
        let order = try #require(
            Hex.decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"))
        var blob = try SSHFixture.ed25519.blob()
        var carry = 0
        for (index, byte) in order.enumerated() {
            let sum = Int(blob[blob.count - 32 + index]) + Int(byte) + carry
            blob[blob.count - 32 + index] = UInt8(sum & 0xFF)
            carry = sum >> 8
        }
        #expect(carry == 0 && !Self.isGood(blob))
    }

    @Test("the reserved field says nothing, as in ssh-keygen")
    func reserved() throws {
        let blob = try SSHFixture.ed25519.blob()
        let field = SSHFixture.field("daybook")
        let end = try #require(blob.firstRange(of: field)).upperBound
        let start = Array(blob[..<end])
        #expect(Self.isGood(start + SSHFixture.field("more") + blob[(end + 4)...]))
    }

    private static func isGood(_ blob: [UInt8]) -> Bool {
        guard let signature = try? SSHSignature(blob: blob) else {
            return false
        }
        return (try? signature.verify(SSHFixture.message, namespace: "daybook")) != nil
    }
}
