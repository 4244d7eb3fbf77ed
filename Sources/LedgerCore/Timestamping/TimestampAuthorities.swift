import CLibCrypto

/// Certificates that time-stamping authorities are trusted by.
package struct TimestampAuthorities: Sendable {
    /// Roots, and what may stand between them and the authority's own certificate.
    let pem: [UInt8]

    package init(pem: [UInt8]) throws(CryptoError) {
        LibCrypto.start()
        guard daybook_read_certificates(pem, Int32(clamping: pem.count), nil, nil) > 0 else {
            throw CryptoError("no certificate in PEM, or one that cannot be read")
        }
        self.pem = pem
    }
}
