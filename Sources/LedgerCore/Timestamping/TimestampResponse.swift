import CLibCrypto

/// An answer of a time-stamping authority (RFC 3161 §2.4.2), with the token that it signed.
package struct TimestampResponse: Sendable {
    package let der: [UInt8]
    /// When the authority saw the digest, in whole seconds since 1970-01-01T00:00:00Z.
    package let seconds: Int64
    /// The SHA-256 that it saw.
    package let digest: Digest
    private let nonce: [UInt8]

    /// Reads a response that was granted, as asked, for a SHA-256 digest.
    ///
    /// - Throws: If the bytes are no such response. Who has signed it is not looked at.
    package init(der: [UInt8]) throws(CryptoError) {
        LibCrypto.start()
        var told = daybook_timestamp()
        // libcrypto reads BER as well, whose length may be left open.
        guard der.count > 1, der[1] != 0x80, daybook_timestamp_read(der, der.count, &told) == 1
        else {
            ERR_clear_error()
            throw CryptoError("not an RFC 3161 response")
        }
        guard told.status == 0 else {
            throw CryptoError("the authority has not granted it (status \(told.status))")
        }
        guard told.is_sha256 == 1,
            let digest = withUnsafeBytes(of: told.digest, { Digest(Array($0)) })
        else { throw CryptoError("its imprint is not by SHA-256") }
        self.der = der
        self.digest = digest
        seconds = told.seconds
        nonce = withUnsafeBytes(of: told.nonce) { Array($0.prefix(Int(max(0, told.nonce_length)))) }
    }

    /// Whether it answers the request, and not another.
    package func answers(_ request: TimestampRequest) -> Bool {
        digest == request.digest && nonce == request.nonce
    }

    /// Whether its token is over the data and was signed by one of the authorities, whose
    /// certificates were in force at its time.
    package func verifies(_ data: [UInt8], by authorities: TimestampAuthorities) -> Bool {
        daybook_timestamp_verify(
            der, der.count, data, Int32(clamping: data.count), authorities.pem,
            Int32(clamping: authorities.pem.count), seconds) == 1
    }
}
