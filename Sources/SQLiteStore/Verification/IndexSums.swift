import EventSourcing

/// Sums over what events say, to compare with the same sums over what the indexes say.
///
/// A multiset hash: each row is hashed with a key that nobody knows before the run, and the hashes
/// are added up. Equal sums mean equal rows, in whatever order, but for a chance of 2^-64; so two
/// million rows are compared without being kept.
struct IndexSums: Sendable, Equatable {
    private(set) var keys: UInt64 = 0
    private(set) var streams: UInt64 = 0
    private(set) var types: UInt64 = 0

    mutating func add(_ facts: EventFacts, at position: Int64, salt: UInt64) {
        keys &+= Self.row(salt, position, facts.source, facts.id)
        types &+= Self.row(salt, position, facts.type)
        if let subject = facts.subject {
            streams &+= Self.row(salt, position, subject, version: facts.version)
        }
    }

    mutating func add(_ other: IndexSums) {
        keys &+= other.keys
        streams &+= other.streams
        types &+= other.types
    }

    /// The hash of one row of an index: SipHash, with the standard library's random key and our
    /// own.
    static func row(
        _ salt: UInt64, _ position: Int64, _ first: UnsafeRawBufferPointer,
        _ second: UnsafeRawBufferPointer? = nil, version: Int64 = 0
    ) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(salt)
        hasher.combine(position)
        hasher.combine(version)
        hasher.combine(first.count)
        hasher.combine(bytes: first)
        if let second { hasher.combine(bytes: second) }
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
