// A commit's message: a header line, then a body, then footers.
//
//     feat(cart): keep carts of guests
//                                          a blank line
//     The body, of any number of paragraphs.
//
//     BREAKING CHANGE: old carts are dropped;
//       their keys changed                 goes on until the next footer
//     Refs #12
//     Co-authored-by: Bob <bob@example.com>
//
// Footers are a paragraph of their own, the last one: its first line is `Token: value` or `Token #value`.
// A line of the body that quotes one is not one. Tools append `Co-authored-by:` and its like as a
// paragraph of their own (GitHub's squash merge behind a rule of hyphens); the author's footers are then
// in the paragraph before it.

/// The parts of a commit's message, conventional or not.
package struct CommitMessage: Sendable, Equatable {
    package struct Footer: Sendable, Equatable {
        package var token: String
        package var value: String
    }

    package var header: String
    /// The lines between the header and the footers.
    package var body: [String]
    package var footers: [Footer]

    package init(_ text: String) {
        self.init(lines: Self.lines(of: text))
    }

    init(lines: [String]) {
        let start = lines.firstIndex { !$0.isEmpty } ?? lines.endIndex
        header = start < lines.endIndex ? lines[start] : ""
        var paragraphs = lines[start...].dropFirst().split(
            separator: "", omittingEmptySubsequences: true)
        // What follows the header without a blank line is no paragraph of footers.
        let isGlued = start + 1 < lines.endIndex && !lines[start + 1].isEmpty
        var fixed = isGlued ? paragraphs.prefix(1).map { $0 } : []
        if isGlued { paragraphs.removeFirst() }
        footers = []
        while let last = paragraphs.last {
            if last.allSatisfy(Self.isRule), !footers.isEmpty || paragraphs.count > 1 {
                paragraphs.removeLast()
                continue
            }
            guard let found = Self.footers(last) else { break }
            paragraphs.removeLast()
            footers = found + footers
            guard found.allSatisfy(\.isAppendedByTools) else { break }
        }
        fixed += paragraphs
        body = Array(fixed.map(Array.init).joined(separator: [""]))
    }

    /// The values of a footer, whatever its token's case.
    package func values(of token: String) -> [String] {
        footers.filter { $0.token.lowercased() == token.lowercased() }.map(\.value)
    }

    private static func lines(of text: String) -> [String] {
        text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            line in
            let end = line.lastIndex { $0 > 0x20 }.map { line.index(after: $0) }
            return String(Substring(line[..<(end ?? line.startIndex)]))
        }
    }

    private static func isRule(_ line: String) -> Bool {
        line.utf8.count >= 3 && line.utf8.allSatisfy { $0 == UInt8(ascii: "-") }
    }

    /// Nil if the paragraph does not start with a footer.
    private static func footers(_ paragraph: ArraySlice<String>) -> [Footer]? {
        var footers: [Footer] = []
        for line in paragraph {
            if let footer = Footer(line: line) {
                footers.append(footer)
            } else if let last = footers.indices.last {
                footers[last].value += footers[last].value.isEmpty ? line : "\n" + line
            } else {
                return nil
            }
        }
        return footers
    }
}

extension CommitMessage.Footer {
    /// The upgrade text's token, in upper case and no other (§15 of the specification).
    var isBreaking: Bool { Self.breakingTokens.contains(token) }
    private static let breakingTokens = ["BREAKING CHANGE", "BREAKING-CHANGE"]

    /// `Signed-off-by`, `Co-authored-by`, `Reviewed-by` …
    fileprivate var isAppendedByTools: Bool {
        token.utf8.count > 3 && token.lowercased().hasSuffix("-by")
    }

    fileprivate init?(line: String) {
        let bytes = line.utf8
        let breaking = "BREAKING CHANGE"
        var end = bytes.startIndex
        if line.hasPrefix(breaking) {
            end = bytes.index(end, offsetBy: breaking.utf8.count)
        } else {
            end = bytes.firstIndex { !ConventionalCommit.isWordByte($0) } ?? bytes.endIndex
        }
        guard end > bytes.startIndex, end < bytes.endIndex else { return nil }
        let rest = bytes[end...]
        let token = String(line[..<end])
        let isBreaking = Self.breakingTokens.contains(token)
        // An upgrade text may begin on the line below.
        if rest.elementsEqual(":".utf8), isBreaking {
            self.init(token: token, value: "")
        } else if rest.starts(with: ": ".utf8) {
            let value = rest.dropFirst(2).drop { $0 == 0x20 }
            self.init(token: token, value: String(Substring(value)))
        } else if rest.starts(with: " #".utf8), !isBreaking {
            self.init(token: token, value: String(Substring(rest.dropFirst(1))))
        } else {
            return nil
        }
    }
}
