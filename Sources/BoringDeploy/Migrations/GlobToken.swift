/// A piece of a glob without braces.
enum GlobToken: Sendable, Equatable {
    case literal(Unicode.Scalar)
    case one
    case set(GlobSet)
    /// `*`: within one name.
    case run
    /// `**/`: any number of whole folders.
    case folders
    /// `**` at the end.
    case everything

    static func parse(_ text: [Unicode.Scalar], of glob: String) throws(GlobError) -> [GlobToken] {
        var tokens: [GlobToken] = []
        var index = 0
        while index < text.count {
            switch text[index] {
            case "*":
                var end = index
                while end < text.count, text[end] == "*" { end += 1 }
                let startsName = index == 0 || text[index - 1] == "/"
                let isDouble = end - index == 2 && startsName
                if isDouble, end == text.count {
                    tokens.append(.everything)
                } else if isDouble, text[end] == "/" {
                    tokens.append(.folders)
                    end += 1
                } else {
                    tokens.append(.run)
                }
                index = end
            case "?":
                tokens.append(.one)
                index += 1
            case "[":
                let (set, end) = try GlobSet.parse(text, from: index, of: glob)
                tokens.append(.set(set))
                index = end
            case "\\":
                guard index + 1 < text.count else {
                    throw GlobError("the glob \"\(glob)\" ends with a lone backslash")
                }
                tokens.append(.literal(text[index + 1]))
                index += 2
            default:
                tokens.append(.literal(text[index]))
                index += 1
            }
        }
        return tokens
    }
}

/// `[a-z_]`, `[!0-9]` or `[^0-9]`: one character, never a slash.
struct GlobSet: Sendable, Equatable {
    private var ranges: [ClosedRange<Unicode.Scalar>] = []
    private var isNegated = false

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        scalar != "/" && ranges.contains { $0.contains(scalar) } != isNegated
    }

    static func parse(
        _ text: [Unicode.Scalar], from start: Int, of glob: String
    ) throws(GlobError) -> (GlobSet, end: Int) {
        var set = GlobSet()
        var index = start + 1
        if index < text.count, text[index] == "!" || text[index] == "^" {
            set.isNegated = true
            index += 1
        }
        let first = index
        while index < text.count, text[index] != "]" || index == first {
            if text[index] == "\\", index + 1 < text.count { index += 1 }
            let low = text[index]
            var high = low
            if index + 2 < text.count, text[index + 1] == "-", text[index + 2] != "]" {
                high = text[index + 2]
                index += 2
            }
            guard low <= high else {
                throw GlobError("the glob \"\(glob)\" has the range \(low)-\(high), which is empty")
            }
            set.ranges.append(low...high)
            index += 1
        }
        guard index < text.count else {
            throw GlobError("the glob \"\(glob)\" opens [ and does not close it")
        }
        return (set, index + 1)
    }
}
