// The entry, version 1. Frozen: docs/spec/entry.md.
//
//     leaf data  = previous entry hash (32 bytes; zeros at position 0) ‖ event bytes
//     entry hash = SHA-256(00 ‖ leaf data)

/// A stored leaf of the log.
package struct Entry: Sendable, Equatable {
    package let position: Position
    /// The hash of the entry before; zeros at position 0.
    package let previous: Digest
    package let hash: Digest
    /// The canonical JSON that was hashed, at most `largestEvent` bytes.
    package let eventBytes: [UInt8]

    /// 60 KiB: leaf data must fit the 16-bit length of a C2SP entry bundle, with room to spare.
    package static let largestEvent = 61_440

    package init(position: Position, previous: Digest, hash: Digest, eventBytes: [UInt8]) {
        self.position = position
        self.previous = previous
        self.hash = hash
        self.eventBytes = eventBytes
    }
}

/// The one hash that links the chain and is the leaf hash of the tree (RFC 6962 §2.1).
package struct EntryHasher: ~Copyable {
    private var sha256 = SHA256()

    package init() {}

    package mutating func hash(previous: Digest, eventBytes: UnsafeRawBufferPointer) -> Digest {
        sha256.hash(prefix: 0x00, previous, eventBytes)
    }

    package mutating func hash(previous: Digest, eventBytes: [UInt8]) -> Digest {
        eventBytes.withUnsafeBytes { hash(previous: previous, eventBytes: $0) }
    }
}
