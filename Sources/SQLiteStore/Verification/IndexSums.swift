import EventSourcing

/// Sums over what events say, to compare with the same sums over what the indexes say.
///
/// A multiset hash: each row is hashed with a key that nobody knows before the run, and the hashes are added up. Equal sums
/// mean equal rows, in whatever order, but for a chance of 2^-64; so two million rows are compared without
/// being kept.
struct IndexSums: Sendable, Equatable {
    private(set) var keys: UInt64 = 0
    private(set) var streams: UInt64 = 0
    private(set) var types: UInt64 = 0

    mutating func add(_ facts: EventFacts, at position: Int64, salt: UInt64) {
        var source = facts.key.source.text
        var id = facts.key.id.text
        var type = facts.type.text
        source.withUTF8 { source in
            id.withUTF8 { id in
                keys &+= Self.row(salt, position, UnsafeRawBufferPointer(source), UnsafeRawBufferPointer(id))
            }
        }
        type.withUTF8 { types &+= Self.row(salt, position, UnsafeRawBufferPointer($0)) }
        guard var subject = facts.subject?.text, let version = facts.version else { return }
        subject.withUTF8 {
            streams &+= Self.row(salt, position, UnsafeRawBufferPointer($0), version: version.value)
        }
    }

    mutating func add(_ other: IndexSums) {
        keys &+= other.keys
        streams &+= other.streams
        types &+= other.types
    }

    /// The hash of one row of an index.
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
