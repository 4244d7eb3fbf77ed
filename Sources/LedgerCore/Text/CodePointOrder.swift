// Comparisons of strings by code points. Swift's own `==` and `<` work on canonical equivalence
// (é is e + ´), which must never decide what a hash-chained log takes for equal.

extension String {
    /// Whether both are the same sequence of code points.
    package func isSameText(as other: String) -> Bool {
        let isSame = utf8.withContiguousStorageIfAvailable { left in
            other.utf8.withContiguousStorageIfAvailable { right in
                guard left.count == right.count else { return false }
                for index in left.indices where left[index] != right[index] { return false }
                return true
            }
        }
        // Nil only for strings that are bridged from another runtime.
        return (isSame ?? nil) ?? utf8.elementsEqual(other.utf8)
    }

    /// Cuts at an ASCII byte, into at most so many pieces, empty ones kept. Swift's own `split`
    /// cuts at characters, and so not where a combining mark follows the separator.
    func split(separator: UInt8, maxPieces: Int) -> [Substring] {
        utf8.split(separator: separator, maxSplits: maxPieces - 1, omittingEmptySubsequences: false)
            .map { Substring($0) }
    }

    /// Whether this string's UTF-16 code units come before the other's (RFC 8785 §3.2.3).
    ///
    /// UTF-8 sorts as code points do. UTF-16 differs in one place: the code points above U+FFFF, as
    /// surrogates D800–DFFF, come before U+E000–U+FFFF. In UTF-8 these start with F0…F4 and EE, EF.
    func isBeforeInUTF16(_ other: String) -> Bool {
        var left = utf8.makeIterator()
        var right = other.utf8.makeIterator()
        while true {
            switch (left.next(), right.next()) {
            case (let a?, let b?):
                if a != b { return Self.rank(a) < Self.rank(b) }
            case (nil, .some): return true
            case (_, nil): return false
            }
        }
    }

    private static func rank(_ byte: UInt8) -> UInt8 {
        byte == 0xEE || byte == 0xEF ? byte + 8 : byte
    }
}
