/// What is wrong with a text that should be a version.
package struct VersionError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ text: String, _ why: String) {
        description = "\"\(text)\" is not a semantic version: \(why)"
    }
}

extension SemanticVersion {
    /// Strict: no leading `v`, no blanks, all three numbers.
    package init(parsing text: String) throws(VersionError) {
        let bytes = Array(text.utf8)
        let plus = bytes.firstIndex(of: UInt8(ascii: "+"))
        let beforeBuild = bytes[..<(plus ?? bytes.endIndex)]
        let hyphen = beforeBuild.firstIndex(of: UInt8(ascii: "-"))

        let core = Self.split(beforeBuild[..<(hyphen ?? beforeBuild.endIndex)])
        guard core.count == 3 else {
            throw VersionError(text, "it has three numbers, as 1.5.0")
        }
        var numbers: [Int] = []
        for part in core { numbers.append(try Self.number(part, in: text)) }
        self.init(numbers[0], numbers[1], numbers[2])

        if let hyphen {
            for part in Self.split(beforeBuild[(hyphen + 1)...]) {
                preRelease.append(try Self.identifier(part, in: text))
            }
        }
        if let plus {
            let rest = bytes[(plus + 1)...]
            for part in Self.split(rest) { try Self.checkIdentifier(part, in: text) }
            build = String(decoding: rest, as: UTF8.self)
        }
    }

    /// One word of a pre-release, as `rc`.
    package static func isPreReleaseWord(_ word: String) -> Bool {
        guard let identifier = try? identifier(Array(word.utf8)[...], in: word) else {
            return false
        }
        if case .word = identifier { return true }
        return false
    }

    private static func split(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    }

    private static func number(
        _ part: ArraySlice<UInt8>, in text: String
    ) throws(VersionError) -> Int {
        let digits = String(decoding: part, as: UTF8.self)
        guard !part.isEmpty, part.allSatisfy(isDigit) else {
            throw VersionError(text, "\"\(digits)\" is no number")
        }
        guard part.count == 1 || part.first != UInt8(ascii: "0") else {
            throw VersionError(text, "the number \(digits) starts with a zero")
        }
        // So that they travel as JSON numbers too (RFC 7493 §2.2).
        guard let number = Int(digits), number < 1 << 53 else {
            throw VersionError(text, "the number \(digits) is too large")
        }
        return number
    }

    private static func identifier(
        _ part: ArraySlice<UInt8>, in text: String
    ) throws(VersionError) -> Identifier {
        try checkIdentifier(part, in: text)
        guard part.allSatisfy(isDigit) else { return .word(String(decoding: part, as: UTF8.self)) }
        return .number(try number(part, in: text))
    }

    private static func checkIdentifier(
        _ part: ArraySlice<UInt8>, in text: String
    ) throws(VersionError) {
        guard !part.isEmpty else { throw VersionError(text, "an identifier is empty") }
        let isGood = part.allSatisfy { byte in
            isDigit(byte) || byte == UInt8(ascii: "-")
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
        guard isGood else {
            throw VersionError(text, "identifiers are made of ASCII letters, digits and hyphens")
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
