// The index of a ledger: docs/spec/index.md. Frozen.
//
//     keys    type:<type>  and, with a subject,  subject:<subject>
//     tally   count' = count + 1,  acc' = SHA-256(02 ‖ acc ‖ entry hash), from 0 and 32 zero bytes
//     leaf    canonical JSON of {"acc","count","key"}; leaf hash = SHA-256(00 ‖ leaf)
//     root    RFC 6962 tree over the leaves, keys in byte order

/// What entries are looked up by, and counted by. Ordered by its UTF-8 bytes.
package struct IndexKey: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }

    /// Reads `type:` or `subject:` and at least one character.
    package init?(stated text: String) {
        let isKey = ["type:", "subject:"].contains {
            text.utf8.starts(with: $0.utf8) && text.utf8.count > $0.utf8.count
        }
        guard isKey else { return nil }
        self.text = text
    }

    package static func type(_ type: String) -> IndexKey { IndexKey("type:" + type) }
    package static func subject(_ subject: String) -> IndexKey { IndexKey("subject:" + subject) }

    package static func == (left: IndexKey, right: IndexKey) -> Bool {
        left.text.isSameText(as: right.text)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }

    package static func < (left: IndexKey, right: IndexKey) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    package var description: String { text }
}
