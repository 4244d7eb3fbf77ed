import CLibCrypto

/// The private key that signs bundles: the ledger's own, or one of a PEM file.
package struct EvidenceSigningKey: Sendable {
    package let publicKey: EvidencePublicKey
    private let secret: Secret

    private enum Secret: Sendable {
        case ed25519(SigningKey)
        /// The PEM file, read again for each of the few signatures of a bundle.
        case ecdsaP256([UInt8])
    }

    private init(_ publicKey: EvidencePublicKey, _ secret: Secret) {
        self.publicKey = publicKey
        self.secret = secret
    }

    package init(_ key: SigningKey) {
        self.init(EvidencePublicKey(key.publicKey), .ed25519(key))
    }

    /// The key of an unencrypted PEM file (PKCS#8, or SEC 1 for ECDSA).
    package init(pem: [UInt8]) throws(CryptoError) {
        if let key = try? SigningKey(pem: pem) {
            self.init(key)
            return
        }
        let key = try LibCryptoPrivateKey(pem: pem)
        guard let publicKey = EvidencePublicKey(der: try key.publicDER()) else {
            throw CryptoError(
                "a private key of another kind; bundles are signed with Ed25519 or ECDSA P-256")
        }
        self.init(publicKey, .ecdsaP256(pem))
    }

    package func sign(_ message: [UInt8]) throws(CryptoError) -> [UInt8] {
        switch secret {
        case .ed25519(let key): try key.sign(message)
        case .ecdsaP256(let pem): try LibCryptoPrivateKey(pem: pem).sign(message)
        }
    }
}

/// A private key in libcrypto.
private struct LibCryptoPrivateKey: ~Copyable {
    private let key: OpaquePointer

    init(pem: [UInt8]) throws(CryptoError) {
        LibCrypto.start()
        guard let input = BIO_new_mem_buf(pem, Int32(clamping: pem.count)) else {
            throw CryptoError.last()
        }
        defer { BIO_free(input) }
        // Without the closure libcrypto would ask for a passphrase on the terminal.
        guard let key = PEM_read_bio_PrivateKey(input, nil, { _, _, _, _ in -1 }, nil) else {
            ERR_clear_error()
            throw CryptoError("not an unencrypted private key in PEM")
        }
        self.key = key
    }

    deinit { EVP_PKEY_free(key) }

    borrowing func publicDER() throws(CryptoError) -> [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        let length = i2d_PUBKEY(key, &bytes)
        guard length > 0, let bytes else { throw CryptoError.last() }
        defer { CRYPTO_free(bytes, nil, 0) }
        return Array(UnsafeBufferPointer(start: bytes, count: Int(length)))
    }

    /// ECDSA over P-256 with SHA-256 (FIPS 186-5) and RFC 6979's nonce, in DER: the same for the same
    /// message.
    borrowing func sign(_ message: [UInt8]) throws(CryptoError) -> [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        let length = daybook_ecdsa_p256_sign(key, SHA256.hash(message).bytes, &bytes)
        guard length > 0, let bytes else { throw CryptoError.last() }
        defer { CRYPTO_free(bytes, nil, 0) }
        return Array(UnsafeBufferPointer(start: bytes, count: Int(length)))
    }
}
