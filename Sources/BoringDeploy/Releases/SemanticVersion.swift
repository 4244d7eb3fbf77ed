// Semantic Versioning 2.0.0 (https://semver.org): MAJOR.MINOR.PATCH, then `-` and the identifiers of a
// pre-release, then `+` and those of a build:
//
//     1.2.0-rc.1 < 1.2.0-rc.2 < 1.2.0 < 1.2.1
//
// Numbers have no leading zeros. A pre-release comes before its release; its identifiers are compared
// from the left, numbers as numbers and before words, words by ASCII, and more of them come after
// fewer. Builds do not count.

/// A version. Equal and ordered by precedence (§11), so the build does not count.
package struct SemanticVersion: Sendable, CustomStringConvertible {
    package enum Identifier: Sendable, Hashable {
        case number(Int)
        case word(String)
    }

    package var major: Int
    package var minor: Int
    package var patch: Int
    package var preRelease: [Identifier] = []
    package var build: String?

    package init(
        _ major: Int, _ minor: Int, _ patch: Int, preRelease: [Identifier] = [],
        build: String? = nil
    ) {
        self.major = major
        self.minor = minor
        self.patch = patch
        self.preRelease = preRelease
        self.build = build
    }

    package var isPreRelease: Bool { !preRelease.isEmpty }

    /// The release that a pre-release leads to.
    package var core: SemanticVersion { SemanticVersion(major, minor, patch) }

    package var description: String {
        var text = "\(major).\(minor).\(patch)"
        if isPreRelease { text += "-" + preRelease.map(\.description).joined(separator: ".") }
        if let build { text += "+" + build }
        return text
    }
}

extension SemanticVersion: Comparable, Hashable {
    package static func == (left: SemanticVersion, right: SemanticVersion) -> Bool {
        left.numbers == right.numbers && left.preRelease == right.preRelease
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(numbers)
        hasher.combine(preRelease)
    }

    package static func < (left: SemanticVersion, right: SemanticVersion) -> Bool {
        guard left.numbers == right.numbers else {
            return left.numbers.lexicographicallyPrecedes(right.numbers)
        }
        guard left.isPreRelease, right.isPreRelease else {
            return left.isPreRelease && !right.isPreRelease
        }
        return left.preRelease.lexicographicallyPrecedes(right.preRelease)
    }

    private var numbers: [Int] { [major, minor, patch] }
}

extension SemanticVersion.Identifier: Comparable, CustomStringConvertible {
    package static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.number(let a), .number(let b)): a < b
        case (.number, .word): true
        case (.word, .number): false
        case (.word(let a), .word(let b)): a.utf8.lexicographicallyPrecedes(b.utf8)
        }
    }

    package var description: String {
        switch self {
        case .number(let number): String(number)
        case .word(let word): word
        }
    }
}
