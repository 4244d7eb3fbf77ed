/// The inner hashes of the tree: node = SHA-256(01 ‖ left ‖ right) (RFC 6962 §2.1).
package struct TreeHasher: ~Copyable {
    private var sha256 = SHA256()

    /// SHA-256 of nothing: the root of an empty tree.
    package static let emptyRoot = SHA256.hash([])

    package init() {}

    package mutating func node(_ left: Digest, _ right: Digest) -> Digest {
        right.withUnsafeBytes { sha256.hash(prefix: 0x01, left, $0) }
    }
}
