import CLibCrypto

/// libcrypto, without the configuration file of the machine: what a ledger hashes and signs does
/// not depend on it, and reading it takes longer than both.
enum LibCrypto {
    private static let isStarted =
        OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil) == 1

    static func start() { precondition(isStarted, "libcrypto does not start") }
}

/// SHA-256 through libcrypto, with one context used again for every hash.
///
/// EVP (not the older `SHA256_…` functions) because it is the interface that libcrypto keeps, and
/// the one that a FIPS provider serves.
package struct SHA256: ~Copyable {
    private let context: OpaquePointer

    // Fetched once: looking an algorithm up costs more than hashing an entry.
    nonisolated(unsafe) private static let algorithm = {
        LibCrypto.start()
        return EVP_MD_fetch(nil, "SHA256", nil)
    }()

    package init() {
        guard let context = EVP_MD_CTX_new(), Self.algorithm != nil else {
            preconditionFailure("libcrypto offers no SHA-256: \(CryptoError.last())")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    private mutating func begin() {
        precondition(EVP_DigestInit_ex2(context, Self.algorithm, nil) == 1)
    }

    private mutating func update(_ bytes: UnsafeRawBufferPointer) {
        precondition(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1)
    }

    private mutating func finish() -> Digest {
        Digest { output in
            var length: UInt32 = 0
            let isDone = EVP_DigestFinal_ex(
                context, output.assumingMemoryBound(to: UInt8.self), &length)
            precondition(isDone == 1 && length == Digest.byteCount)
        }
    }

    package mutating func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
        begin()
        update(bytes)
        return finish()
    }

    /// SHA-256(prefix ‖ digest ‖ bytes): the shape of every hash of the chain and the tree.
    mutating func hash(
        prefix: UInt8, _ digest: Digest, _ bytes: UnsafeRawBufferPointer
    ) -> Digest {
        begin()
        withUnsafeTemporaryAllocation(byteCount: 1 + Digest.byteCount, alignment: 1) { head in
            head[0] = prefix
            digest.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(rebasing: head[1...]).copyMemory(from: $0)
            }
            update(UnsafeRawBufferPointer(head))
        }
        update(bytes)
        return finish()
    }

    package static func hash(_ bytes: [UInt8]) -> Digest {
        var hasher = SHA256()
        return bytes.withUnsafeBytes { hasher.hash($0) }
    }
}
