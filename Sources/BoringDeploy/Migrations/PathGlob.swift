// Globs of paths, as .gitignore and CI systems write them:
//
//     *       anything but a slash            ?       one character but a slash
//     **      any number of whole folders     {a,b}   either; may be nested
//     [a-z]   one of these                    [!a-z]  one of the others
//     \       takes the next character as it is
//
// `migrations/**` is everything under migrations; `**/x.sql` is x.sql at any depth, the top included.

/// A pattern that a whole path, relative to the repository, matches or does not.
package struct PathGlob: Sendable, Equatable {
    package let pattern: String
    private let alternatives: [[GlobToken]]

    package init(_ pattern: String) throws(GlobError) {
        guard !pattern.isEmpty else { throw GlobError("a glob must not be empty") }
        guard !pattern.hasPrefix("/") else {
            throw GlobError("the glob \"\(pattern)\" starts with a slash; paths here have none")
        }
        self.pattern = pattern
        var alternatives: [[GlobToken]] = []
        for text in try GlobBraces.expand(pattern) {
            alternatives.append(try GlobToken.parse(text, of: pattern))
        }
        self.alternatives = alternatives
    }

    /// In time proportional to the path's and the pattern's lengths: no pattern makes it slow.
    package func matches(_ path: String) -> Bool {
        let path = Array(path.unicodeScalars)
        return alternatives.contains { GlobMatcher(tokens: $0).matches(path) }
    }
}

/// What is wrong with a glob.
package struct GlobError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// Follows all ways through the tokens at once.
private struct GlobMatcher {
    let tokens: [GlobToken]

    func matches(_ path: [Unicode.Scalar]) -> Bool {
        var states: Set<Int> = []
        enter(0, &states)
        for scalar in path {
            var next: Set<Int> = []
            for state in states where state < tokens.count {
                switch tokens[state] {
                case .literal(let literal): if scalar == literal { enter(state + 1, &next) }
                case .one: if scalar != "/" { enter(state + 1, &next) }
                case .set(let set): if set.contains(scalar) { enter(state + 1, &next) }
                case .run: if scalar != "/" { enter(state, &next) }
                case .everything: enter(state, &next)
                // Only where a folder ends may the rest of the pattern go on.
                case .folders: if scalar == "/" { enter(state, &next) } else { next.insert(state) }
                }
            }
            guard !next.isEmpty else { return false }
            states = next
        }
        return states.contains(tokens.count)
    }

    private func enter(_ state: Int, _ states: inout Set<Int>) {
        states.insert(state)
        guard state < tokens.count else { return }
        switch tokens[state] {
        case .run, .everything, .folders: enter(state + 1, &states)
        case .literal, .one, .set: break
        }
    }
}
