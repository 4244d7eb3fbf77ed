// Conventional Commits 1.0.0 (https://www.conventionalcommits.org/en/v1.0.0/):
//
//     type(scope)!: summary
//
// The type is a word in any case; the scope, in parentheses, and the `!` of a breaking change may be
// left out; a colon and a blank end them. `BREAKING CHANGE: …` among the footers is the other way to
// say "breaking". A squash merge's body may list the messages that it squashed, each after `* `: they
// are messages of their own, with their own footers, and if one of them is breaking, so is the whole;
// the type is the header's alone.

/// What a commit says by the convention.
package struct ConventionalCommit: Sendable, Equatable {
    /// In lower case.
    package var type: String
    package var scope: String?
    package var isBreaking: Bool
    /// What a breaking change asks of its users, if it says so.
    package var upgrade: String?
    package var summary: String

    /// Nil if the header does not keep the convention.
    package init?(_ message: CommitMessage) {
        guard let header = Header(message.header) else { return nil }
        type = header.type
        scope = header.scope
        summary = header.summary
        let texts = Self.upgrades(message)
        let isMarked = header.isMarked || Self.squashed(message).contains { $0.isMarked }
        isBreaking = isMarked || !texts.isEmpty
        let stated = texts.filter { !$0.isEmpty }
        upgrade = stated.isEmpty ? nil : stated.joined(separator: "\n")
    }

    package init?(_ text: String) { self.init(CommitMessage(text)) }

    /// Letters, digits, `-` and `_`: types and tokens are made of them.
    static func isWordByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    /// The texts of all breaking footers, those of squashed messages included.
    private static func upgrades(_ message: CommitMessage) -> [String] {
        let own = message.footers.filter(\.isBreaking).map(\.value)
        let squashed = squashedMessages(message).flatMap { $0.footers.filter(\.isBreaking) }
        return squashed.map(\.value) + own
    }

    private static func squashed(_ message: CommitMessage) -> [Header] {
        squashedMessages(message).compactMap { Header($0.header) }
    }

    /// The messages after `* ` in a squash merge's body: those that follow a blank line, for an
    /// author's own list has its points one below the other.
    private static func squashedMessages(_ message: CommitMessage) -> [CommitMessage] {
        var messages: [[String]] = []
        var isAfterBlank = true
        for line in message.body {
            if line.hasPrefix("* "), isAfterBlank, Header(String(line.dropFirst(2))) != nil {
                messages.append([String(line.dropFirst(2))])
            } else if let last = messages.indices.last {
                messages[last].append(line)
            }
            isAfterBlank = line.isEmpty
        }
        return messages.map { CommitMessage(lines: $0) }
    }
}

/// `type(scope)!: summary`, taken apart.
private struct Header {
    let type: String
    let scope: String?
    let isMarked: Bool
    let summary: String

    init?(_ line: String) {
        var rest = line.utf8[...]
        let word = rest.prefix { ConventionalCommit.isWordByte($0) }
        guard let first = word.first, first | 0x20 > 0x60 else { return nil }
        rest = rest[word.endIndex...]
        if rest.first == UInt8(ascii: "(") {
            let inside = rest.dropFirst().prefix {
                $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: ")")
            }
            guard !inside.isEmpty, rest[inside.endIndex...].first == UInt8(ascii: ")") else {
                return nil
            }
            scope = String(Substring(inside))
            rest = rest[inside.endIndex...].dropFirst()
        } else {
            scope = nil
        }
        isMarked = rest.first == UInt8(ascii: "!")
        if isMarked { rest = rest.dropFirst() }
        guard rest.starts(with: ": ".utf8) else { return nil }
        rest = rest.dropFirst(2).drop { $0 == 0x20 }
        guard !rest.isEmpty else { return nil }
        type = String(Substring(word)).lowercased()
        summary = String(Substring(rest))
    }
}
