// ssh_config(5), "PATTERNS": patterns with commas between them.
//
//     *@example.com,!mallory@example.com      everybody of example.com but mallory
//
// `*` stands for any bytes, `?` for one byte. A list matches if one pattern does and none with `!`.

/// Names that a line allows.
struct SSHPatternList: Sendable {
    private let patterns: [(isNegated: Bool, bytes: [UInt8])]

    init(_ list: some Sequence<UInt8>) {
        patterns = Array(list).split(separator: 0x2C, omittingEmptySubsequences: false).map {
            let isNegated = $0.first == UInt8(ascii: "!")
            return (isNegated, Array($0.dropFirst(isNegated ? 1 : 0)))
        }
    }

    func matches(_ name: String) -> Bool {
        let name = Array(name.utf8)
        let matching = patterns.filter { Self.matches(name, $0.bytes) }
        return !matching.isEmpty && matching.allSatisfy { !$0.isNegated }
    }

    /// In time proportional to the two lengths: only the last star ever takes more bytes.
    private static func matches(_ name: [UInt8], _ pattern: [UInt8]) -> Bool {
        var (place, at) = (0, 0)
        var star: (place: Int, at: Int)?
        while place < name.count {
            if at < pattern.count, pattern[at] == UInt8(ascii: "*") {
                star = (place, at)
                at += 1
            } else if at < pattern.count,
                pattern[at] == UInt8(ascii: "?") || pattern[at] == name[place]
            {
                place += 1
                at += 1
            } else if let last = star {
                star = (last.place + 1, last.at)
                (place, at) = (last.place + 1, last.at + 1)
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
