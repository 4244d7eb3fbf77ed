import CLibCrypto

/// An Ed25519 private key (RFC 8032), the ledger's own.
package struct SigningKey: Sendable {
    private let seed: [UInt8]
    package let publicKey: Ed25519PublicKey

    /// A new key from libcrypto's random numbers.
    package static func generate() throws(CryptoError) -> SigningKey {
        LibCrypto.start()
        var seed = [UInt8](repeating: 0, count: 32)
        guard RAND_priv_bytes(&seed, 32) == 1 else { throw CryptoError.last() }
        return try SigningKey(seed: seed)
    }

    /// The key of 32 secret bytes.
    package init(seed: [UInt8]) throws(CryptoError) {
        LibCrypto.start()
        guard let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count)
        else { throw CryptoError.last() }
        defer { EVP_PKEY_free(key) }
        var raw = [UInt8](repeating: 0, count: 32)
        var length = raw.count
        guard EVP_PKEY_get_raw_public_key(key, &raw, &length) == 1,
            let publicKey = Ed25519PublicKey(raw)
        else { throw CryptoError.last() }
        self.seed = seed
        self.publicKey = publicKey
    }

    /// The key of an unencrypted PKCS#8 PEM file (RFC 5208, RFC 8410).
    package init(pem: [UInt8]) throws(CryptoError) {
        if let seed = Self.plainSeed(pem) {
            try self.init(seed: seed)
            return
        }
        LibCrypto.start()
        guard let input = BIO_new_mem_buf(pem, Int32(clamping: pem.count)) else {
            throw CryptoError.last()
        }
        defer { BIO_free(input) }
        // Without the closure libcrypto would ask for an encrypted key's passphrase on the
        // terminal.
        guard let key = PEM_read_bio_PrivateKey(input, nil, { _, _, _, _ in -1 }, nil) else {
            ERR_clear_error()
            throw CryptoError("not an unencrypted private key in PEM (PKCS#8)")
        }
        defer { EVP_PKEY_free(key) }
        guard EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519 else {
            throw CryptoError("a private key of another kind; Daybook signs with Ed25519")
        }
        var seed = [UInt8](repeating: 0, count: 32)
        var length = seed.count
        guard EVP_PKEY_get_raw_private_key(key, &seed, &length) == 1, length == 32 else {
            throw CryptoError.last()
        }
        try self.init(seed: seed)
    }

    /// The seed of a key as RFC 8410 §10.3 shows it, and as `pem` and openssl write it. libcrypto
    /// reads these too, with decoders that take longer to load than the rest of an append; other
    /// forms are left to them.
    private static func plainSeed(_ pem: [UInt8]) -> [UInt8]? {
        let lines = pem.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D })
            .map { String(decoding: $0, as: UTF8.self) }
        guard lines.count == 3, lines[0] == "-----BEGIN PRIVATE KEY-----",
            lines[2] == "-----END PRIVATE KEY-----", let der = Base64.decode(lines[1]),
            der.count == 48, der.starts(with: Self.prefix)
        else { return nil }
        return Array(der[16...])
    }

    /// SEQUENCE { INTEGER 0, SEQUENCE { OID 1.3.101.112 }, OCTET STRING { OCTET STRING of 32 bytes
    /// } }
    private static let prefix: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
    ]

    /// The key as an unencrypted PKCS#8 PEM file.
    package func pem() throws(CryptoError) -> [UInt8] {
        guard let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count)
        else { throw CryptoError.last() }
        defer { EVP_PKEY_free(key) }
        guard let output = BIO_new(BIO_s_mem()) else { throw CryptoError.last() }
        defer { BIO_free(output) }
        guard PEM_write_bio_PKCS8PrivateKey(output, key, nil, nil, 0, nil, nil) == 1 else {
            throw CryptoError.last()
        }
        var text = [UInt8](repeating: 0, count: 1024)
        let length = BIO_read(output, &text, Int32(text.count))
        guard length > 0 else { throw CryptoError.last() }
        return Array(text[..<Int(length)])
    }

    /// The 64-byte signature of a message; the same each time (RFC 8032 §5.1.6).
    package func sign(_ message: [UInt8]) throws(CryptoError) -> [UInt8] {
        guard let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count)
        else { throw CryptoError.last() }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { throw CryptoError.last() }
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: 64)
        var length = signature.count
        guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
            EVP_DigestSign(context, &signature, &length, message, message.count) == 1,
            length == 64
        else { throw CryptoError.last() }
        return signature
    }
}
