import CLibCrypto

/// An Ed25519 public key: 32 bytes (RFC 8032 §5.1.5).
package struct Ed25519PublicKey: Sendable, Equatable {
    package let bytes: [UInt8]

    /// Nil unless there are exactly 32 bytes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// Whether the 64 bytes are this key's signature of the message.
    package func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        LibCrypto.start()
        defer { ERR_clear_error() }
        guard signature.count == 64,
            let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, bytes.count)
        else { return false }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        return EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }
}
