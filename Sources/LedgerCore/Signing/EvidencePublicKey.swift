import CLibCrypto

/// A public key that signs bundles: Ed25519 (RFC 8410) or ECDSA over P-256 (RFC 5480), as the DER of
/// its SubjectPublicKeyInfo.
package struct EvidencePublicKey: Sendable, Equatable {
    package enum Algorithm: String, Sendable {
        case ed25519
        case ecdsaP256 = "ecdsa-p256"
    }

    package let algorithm: Algorithm
    package let der: [UInt8]

    /// SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING of 32 bytes }
    private static let ed25519: [UInt8] = [
        0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]

    /// SEQUENCE { SEQUENCE { OID ecPublicKey, OID prime256v1 }, BIT STRING of an uncompressed point }
    private static let p256: [UInt8] = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08,
        0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ]

    package init(_ key: Ed25519PublicKey) {
        algorithm = .ed25519
        der = Self.ed25519 + key.bytes
    }

    /// Nil unless the bytes are one of the two forms above, and the point is on its curve.
    package init?(der: [UInt8]) {
        if der.count == Self.ed25519.count + 32, der.starts(with: Self.ed25519) {
            algorithm = .ed25519
        } else if der.count == Self.p256.count + 65, der.starts(with: Self.p256),
            LibCryptoPublicKey(curve: .p256, point: Array(der[Self.p256.count...])) != nil
        {
            algorithm = .ecdsaP256
        } else {
            return nil
        }
        self.der = der
    }

    /// SHA-256 of the DER: the `keyid` of signatures.
    package var id: Digest { SHA256.hash(der) }

    /// Whether the bytes are this key's signature: 64 bytes of Ed25519, or ECDSA in DER with
    /// SHA-256.
    package func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        switch algorithm {
        case .ed25519:
            Ed25519PublicKey(Array(der.suffix(32)))?.verifies(signature, of: message) ?? false
        case .ecdsaP256:
            LibCryptoPublicKey(curve: .p256, point: Array(der.suffix(65)))?
                .verifies(signature, of: message, hashedWith: .sha256) ?? false
        }
    }
}
