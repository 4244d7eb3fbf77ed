// What takes what back, newest first: a revert that itself was reverted takes nothing back.
//
//     feat: a  ←  Revert "feat: a"                          both net to nothing
//     feat: a  ←  Revert "feat: a"  ←  Reapply "feat: a"    the feature stays, the other two net out
//
// A commit takes back what it names: `This reverts commit <id>` (git), `Reverts owner/repository#12`
// (GitHub), `Refs: <id>` of a `revert:`; and, when history was rewritten and the id is not found, the one
// older commit with the header that `Revert "…"` quotes.

/// Which commits of a range cancel each other.
struct Reverts {
    private let range: CommitRange
    /// Undone, or undoing something of the same range.
    private(set) var nettedOut: Set<Int> = []

    init(_ range: CommitRange) {
        self.range = range
        var undone: Set<Int> = []
        for place in range.items.indices where !undone.contains(place) {
            let targets = targets(of: place)
            guard !targets.isEmpty else { continue }
            for target in targets.compactMap({ $0 }) { undone.formUnion(target) }
            // What undoes something of an earlier release too is a change.
            if targets.allSatisfy({ $0 != nil }) { nettedOut.insert(place) }
        }
        nettedOut.formUnion(undone)
    }

    /// Whether a commit takes back others, by its own words.
    static func isRevert(_ message: CommitMessage) -> Bool {
        quotedHeader(message) != nil || !named(in: message).isEmpty
    }

    /// What each of its words names: places of this range, or nil for something older.
    private func targets(of place: Int) -> [Set<Int>?] {
        let item = range.items[place]
        let quoted = Self.quotedHeader(item.message)
        var ids = Self.named(in: item.message)
        if item.conventional?.type == "revert" {
            ids += item.message.values(of: "Refs").flatMap(Self.ids)
        }
        if ids.isEmpty, quoted != nil {
            let pulls = Self.pulls(item.message)
            if !pulls.isEmpty { return pulls.map { cameBy($0, before: place) } }
        }
        if ids.isEmpty { return quoted.map { [withHeader($0, before: place)] } ?? [] }
        return ids.map { id in
            guard let target = range.place(of: id), target > place else {
                return quoted.flatMap { withHeader($0, before: place) }
            }
            guard range.items[target].commit.isMerge else { return [target] }
            return Set(range.items.indices.filter { range.items[$0].merge == target } + [target])
        }
    }

    private func withHeader(_ header: String, before place: Int) -> Set<Int>? {
        let found = range.items.indices.filter {
            $0 > place && range.items[$0].message.header == header
        }
        return found.count == 1 ? Set(found) : nil
    }

    private func cameBy(_ pull: Int, before place: Int) -> Set<Int>? {
        let found = range.items.indices.filter { $0 > place && range.items[$0].pull == pull }
        return found.isEmpty ? nil : Set(found)
    }

    private static func quotedHeader(_ message: CommitMessage) -> String? {
        let start = "Revert \""
        guard message.header.hasPrefix(start), let end = message.header.lastIndex(of: "\"") else {
            return nil
        }
        let from = message.header.index(message.header.startIndex, offsetBy: start.count)
        return from < end ? String(message.header[from..<end]) : nil
    }

    private static func named(in message: CommitMessage) -> [String] {
        let sentence = "This reverts commit "
        return message.body.filter { $0.hasPrefix(sentence) }.flatMap {
            ids(String($0.dropFirst(sentence.count).prefix { $0.isHexDigit }))
        }
    }

    private static func pulls(_ message: CommitMessage) -> [Int] {
        message.body.compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 2, words[0] == "Reverts", let hash = words[1].lastIndex(of: "#")
            else { return nil }
            return Int(words[1][words[1].index(after: hash)...].prefix { $0.isNumber })
        }
    }

    /// The commit ids of a list.
    private static func ids(_ text: String) -> [String] {
        text.split { $0 == "," || $0.isWhitespace }.map { $0.lowercased() }.filter {
            (7...64).contains($0.utf8.count) && $0.allSatisfy { $0.isHexDigit && $0.isASCII }
        }
    }
}
