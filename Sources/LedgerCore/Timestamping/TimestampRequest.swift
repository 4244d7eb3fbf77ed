import CLibCrypto

/// What a time-stamping authority is asked (RFC 3161 §2.4.1): to state when it saw a SHA-256 digest,
/// with its certificate in the answer.
package struct TimestampRequest: Sendable {
    package let digest: Digest
    /// Unpredictable, so that an old answer is not taken for a new one.
    package let nonce: [UInt8]
    /// The request as `application/timestamp-query`.
    package let der: [UInt8]

    /// - Parameter nonce: 1 to 32 bytes, a positive number.
    package init(of data: [UInt8], nonce: [UInt8]) throws(CryptoError) {
        LibCrypto.start()
        digest = SHA256.hash(data)
        self.nonce = Array(nonce.drop { $0 == 0 })
        var bytes: UnsafeMutablePointer<UInt8>?
        let length = daybook_timestamp_request(
            digest.bytes, nonce, Int32(clamping: nonce.count), &bytes)
        guard length > 0, let bytes else { throw CryptoError.last() }
        defer { CRYPTO_free(bytes, nil, 0) }
        der = Array(UnsafeBufferPointer(start: bytes, count: Int(length)))
    }

    /// With a nonce from libcrypto's random numbers.
    package init(of data: [UInt8]) throws(CryptoError) {
        LibCrypto.start()
        var nonce = [UInt8](repeating: 0, count: 16)
        guard RAND_bytes(&nonce, 16) == 1 else { throw CryptoError.last() }
        try self.init(of: data, nonce: nonce)
    }
}
