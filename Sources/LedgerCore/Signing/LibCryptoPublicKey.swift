import CLibCrypto

/// The hash functions that SSH signatures use.
enum LibCryptoDigest: String, Sendable {
    case sha256 = "SHA256"
    case sha384 = "SHA384"
    case sha512 = "SHA512"

    func hash(_ bytes: [UInt8]) throws(CryptoError) -> [UInt8] {
        LibCrypto.start()
        var hash = [UInt8](repeating: 0, count: 64)
        var length = 0
        guard EVP_Q_digest(nil, rawValue, nil, bytes, bytes.count, &hash, &length) == 1 else {
            throw CryptoError.last()
        }
        return Array(hash[..<length])
    }
}

/// An ECDSA or RSA public key in libcrypto. Ed25519 keys are `Ed25519PublicKey`.
struct LibCryptoPublicKey: ~Copyable {
    private let key: OpaquePointer

    /// Nil unless the point is uncompressed (SEC 1 §2.3.3), on the curve and not its zero.
    init?(curve: SSHCurve, point: [UInt8]) {
        LibCrypto.start()
        defer { ERR_clear_error() }
        guard point.count == 1 + 2 * curve.width, point.first == 0x04,
            let key = daybook_ec_public_key(curve.group, point, point.count)
        else { return nil }
        self.key = key
    }

    /// Nil unless libcrypto takes the numbers, most significant byte first, for an RSA key.
    init?(modulus: [UInt8], exponent: [UInt8]) {
        LibCrypto.start()
        defer { ERR_clear_error() }
        guard
            let key = daybook_rsa_public_key(
                modulus, Int32(clamping: modulus.count), exponent, Int32(clamping: exponent.count))
        else { return nil }
        self.key = key
    }

    deinit { EVP_PKEY_free(key) }

    /// Whether the bytes are this key's signature of the message: for ECDSA in DER, for RSA as
    /// PKCS #1 v1.5 (RFC 8017 §8.2) in as many bytes as the modulus.
    borrowing func verifies(
        _ signature: [UInt8], of message: [UInt8], hashedWith digest: LibCryptoDigest
    ) -> Bool {
        defer { ERR_clear_error() }
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        return EVP_DigestVerifyInit_ex(context, nil, digest.rawValue, nil, nil, key, nil) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }
}
