/// Semantic Versioning 2.0: `1.2.3`, `1.2.3-rc.1`, `1.2.3+build`. https://semver.org
enum VersionText {
    static func isVersion(_ text: String) -> Bool {
        let plus = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
        let dash = plus[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = dash[0].split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 3, numbers.allSatisfy({ isNumber($0) }) else { return false }
        let preRelease = dash.count > 1 ? identifiers(dash[1]) : ["x"]
        let build = plus.count > 1 ? identifiers(plus[1]) : ["x"]
        return preRelease.allSatisfy { isIdentifier($0) && (!isDigits($0) || isNumber($0)) }
            && build.allSatisfy { isIdentifier($0) }
    }

    private static func identifiers(_ text: Substring) -> [Substring] {
        text.split(separator: ".", omittingEmptySubsequences: false)
    }

    private static func isDigits(_ text: Substring) -> Bool {
        !text.isEmpty && text.allSatisfy { $0.isASCII && $0.isNumber }
    }

    /// Without zeros in front.
    private static func isNumber(_ text: Substring) -> Bool {
        isDigits(text) && (text == "0" || text.first != "0") && Int(text) != nil
    }

    private static func isIdentifier(_ text: Substring) -> Bool {
        !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    }
}
