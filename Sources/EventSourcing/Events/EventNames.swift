import LedgerCore

/// A string that names something in events; equal when its code points are (never "canonically
/// equivalent").
package protocol EventName: Hashable, Sendable, CustomStringConvertible {
    var text: String { get }
    init(_ text: String)
}

extension EventName {
    package static func == (left: Self, right: Self) -> Bool {
        left.text.isSameText(as: right.text)
    }
    package func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
    package var description: String { text }
}

/// The `subject` of events that belong together, as `release/shop/1.5.0`.
package struct StreamName: EventName {
    package let text: String
    package init(_ text: String) { self.text = text }
}

/// The `type` of an event. Ours are `dev.daybook.<noun>.<verb>.v<N>`.
package struct EventType: EventName {
    package let text: String
    package init(_ text: String) { self.text = text }

    /// The full name of a type that may be given in short: `release.cut` is
    /// `dev.daybook.release.cut.v1`.
    package init(expanding text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isWord: (Substring.UTF8View) -> Bool = { part in
            !part.isEmpty
                && part.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        }
        if parts.count == 2, parts.allSatisfy(isWord) {
            self.text = "dev.daybook.\(text).v1"
        } else if parts.count == 3, parts[..<2].allSatisfy(isWord),
            EventType.version(parts[2]) != nil
        {
            self.text = "dev.daybook.\(text)"
        } else {
            self.text = text
        }
    }

    /// The prefixes of the types that only the ledger itself writes: what it says of itself, of the
    /// keys that sign for it, and of its checkpoints.
    package static let reservedPrefixes = [
        "dev.daybook.ledger.", "dev.daybook.key.", "dev.daybook.checkpoint.",
    ]

    package var isReserved: Bool {
        Self.reservedPrefixes.contains { text.utf8.starts(with: $0.utf8) }
    }

    /// Name and version, as `dev.daybook.release.cut` and 1; nil if the type does not end in
    /// `.v<N>`.
    package var versioned: (name: String, version: Int)? {
        guard let dot = text.utf8.lastIndex(of: UInt8(ascii: ".")),
            let version = Self.version(text.utf8[text.utf8.index(after: dot)...])
        else { return nil }
        return (String(text[..<dot]), version)
    }

    private static func version(_ part: Substring.UTF8View) -> Int? {
        guard part.first == UInt8(ascii: "v"),
            let number = UInt64(decimal: Substring(part.dropFirst())),
            number > 0
        else { return nil }
        return Int(exactly: number)
    }
}

/// `source` and `id` of an event: what makes it the same event, however often it is sent
/// (CloudEvents 1.0).
package struct EventKey: Hashable, Sendable {
    package struct Source: EventName {
        package let text: String
        package init(_ text: String) { self.text = text }
    }

    package struct ID: EventName {
        package let text: String
        package init(_ text: String) { self.text = text }
    }

    package let source: Source
    package let id: ID

    package init(source: Source, id: ID) {
        self.source = source
        self.id = id
    }
}

/// 1 for the first event of a stream, then 2, 3, …
package struct StreamVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let value: Int64

    package init(_ value: Int64) { self.value = value }

    package var next: StreamVersion { StreamVersion(value + 1) }

    package static let first = StreamVersion(1)

    package static func < (left: StreamVersion, right: StreamVersion) -> Bool {
        left.value < right.value
    }

    package var description: String { String(value) }
}
