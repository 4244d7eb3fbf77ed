/// A pattern of paths: `*` and `?` stay within a folder, `**` stands for any number of folders.
package struct PathGlob: Sendable {
    private let parts: [[Character]]

    package init(_ pattern: String) { parts = Self.split(pattern) }

    package func matches(_ path: String) -> Bool { Self.matches(parts[...], Self.split(path)[...]) }

    private static func split(_ path: String) -> [[Character]] {
        path.split(separator: "/", omittingEmptySubsequences: false).map(Array.init)
    }

    private static func matches(_ parts: ArraySlice<[Character]>, _ path: ArraySlice<[Character]>)
        -> Bool
    {
        guard let part = parts.first else { return path.isEmpty }
        if part == ["*", "*"] {
            return matches(parts.dropFirst(), path)
                || (!path.isEmpty && matches(parts, path.dropFirst()))
        }
        guard let name = path.first, matches(name: name[...], part[...]) else { return false }
        return matches(parts.dropFirst(), path.dropFirst())
    }

    private static func matches(
        name: ArraySlice<Character>, _ part: ArraySlice<Character>
    ) -> Bool {
        guard let sign = part.first else { return name.isEmpty }
        if sign == "*" {
            return matches(name: name, part.dropFirst())
                || (!name.isEmpty && matches(name: name.dropFirst(), part))
        }
        guard let letter = name.first, sign == "?" || sign == letter else { return false }
        return matches(name: name.dropFirst(), part.dropFirst())
    }
}
