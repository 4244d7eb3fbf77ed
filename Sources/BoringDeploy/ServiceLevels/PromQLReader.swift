/// Takes an expression apart, from left to right.
struct PromQLReader {
    enum Part {
        case text(String)
        case selector(PromQL.Selector)
    }

    private let characters: [Character]
    private var place = 0
    private var depth = 0

    /// Words that are no metric, though no bracket follows.
    private static let keywords: Set<String> = [
        "and", "or", "unless", "by", "without", "on", "ignoring", "group_left", "group_right",
        "offset", "bool", "atan2", "inf", "nan",
    ]
    /// Words whose bracket holds labels.
    private static let grouping: Set<String> = [
        "by", "without", "on", "ignoring", "group_left", "group_right",
    ]
    private static let growth: Set<String> = ["rate", "irate", "increase"]

    init(_ text: String) { characters = Array(text) }

    mutating func next() throws(PromQL.Fault) -> Part? {
        guard let character = peek else {
            guard depth == 0 else { throw fault("a bracket is not closed") }
            return nil
        }
        switch character {
        case "\"", "'", "`": return .text(try quoted().raw)
        case "#":
            var comment = ""
            while let character = peek, !character.isNewline { comment.append(take(character)) }
            return .text(comment)
        case "{": return .selector(try selector(named: nil))
        case "(":
            depth += 1
            return .text(String(take(character)))
        case ")":
            depth -= 1
            guard depth >= 0 else { throw fault("a bracket is closed that is not open") }
            return .text(String(take(character)))
        case "[": return .text(try range(keeping: true))
        case _ where Self.isWordStart(character): return try word()
        case _ where character.isNumber:
            // Numbers and durations: 0.5, 1e3, 0x1F, 5m.
            var number = ""
            while let character = peek, Self.isWord(character) || character == "." {
                number.append(take(character))
            }
            return .text(number)
        default: return .text(String(take(character)))
        }
    }

    private mutating func word() throws(PromQL.Fault) -> Part {
        var word = ""
        while let character = peek, Self.isWord(character) { word.append(take(character)) }
        let space = space()
        let lowered = word.lowercased()
        if Self.grouping.contains(lowered), peek == "(" {
            var labels = ""
            while let character = peek, character != ")" { labels.append(take(character)) }
            guard peek == ")" else { throw fault("a bracket is not closed") }
            return .text(word + space + labels + String(take(")")))
        }
        if Self.growth.contains(word), peek == "(" {
            let start = place
            _ = take("(")
            _ = self.space()
            if let grown = try grown(by: word) { return grown }
            place = start
        }
        if peek == "(" || Self.keywords.contains(lowered) || Self.isAggregated(lowered, rest) {
            return .text(word + space)
        }
        // The space belongs to what follows, unless braces do.
        if peek != "{" && peek != "[" { place -= space.count }
        return .selector(try selector(named: word))
    }

    /// A growth of one selector, as `rate(name[5m])`: the selector alone, with the function's name.
    private mutating func grown(by function: String) throws(PromQL.Fault) -> Part? {
        var name: String?
        if let character = peek, Self.isWordStart(character) {
            var word = ""
            while let character = peek, Self.isWord(character) { word.append(take(character)) }
            name = word
            _ = space()
        }
        guard name != nil || peek == "{", peek != "(" else { return nil }
        var selector = try selector(named: name)
        _ = space()
        guard selector.range != nil, peek == ")" else { return nil }
        _ = take(")")
        selector.function = function
        return .selector(selector)
    }

    /// `sum by (x) (…)`: an aggregation whose bracket comes after its labels.
    private static func isAggregated(_ word: String, _ rest: ArraySlice<Character>) -> Bool {
        let aggregations: Set<String> = [
            "sum", "avg", "min", "max", "count", "group", "stddev", "stdvar", "topk", "bottomk",
            "quantile", "count_values",
        ]
        guard aggregations.contains(word) else { return false }
        let text = String(rest.prefix(8)).lowercased()
        return text.hasPrefix("by") || text.hasPrefix("without")
    }

    private mutating func selector(named name: String?) throws(PromQL.Fault) -> PromQL.Selector {
        var selector = PromQL.Selector(metric: name, matchers: [], range: nil, function: nil)
        if peek == "{" {
            _ = take("{")
            while true {
                _ = space()
                if peek == "}" { break }
                selector.matchers.append(try matcher())
                _ = space()
                if peek == "," {
                    _ = take(",")
                } else if peek != "}" {
                    throw fault("a comma or } is missing between matchers")
                }
            }
            _ = take("}")
        }
        let after = space()
        if peek == "[" {
            let text = try range(keeping: false)
            selector.range = text
        } else {
            place -= after.count
        }
        return selector
    }

    private mutating func matcher() throws(PromQL.Fault) -> PromQL.Matcher {
        var label = ""
        while let character = peek, Self.isWord(character) { label.append(take(character)) }
        guard !label.isEmpty else { throw fault("a label's name is missing") }
        _ = space()
        var operation = ""
        while let character = peek, "=!~".contains(character) { operation.append(take(character)) }
        guard ["=", "!=", "=~", "!~"].contains(operation) else {
            throw fault("\(label) needs =, !=, =~ or !~")
        }
        _ = space()
        guard let character = peek, "\"'`".contains(character) else {
            throw fault("the value of \(label) must be in quotes")
        }
        return PromQL.Matcher(label, operation, try quoted().value)
    }

    /// A range or a subquery's range, without its brackets or with them.
    private mutating func range(keeping brackets: Bool) throws(PromQL.Fault) -> String {
        _ = take("[")
        var text = ""
        while let character = peek, character != "]" { text.append(take(character)) }
        guard peek == "]" else { throw fault("[ is not closed") }
        _ = take("]")
        return brackets ? "[\(text)]" : text.filter { !$0.isWhitespace }
    }

    private mutating func quoted() throws(PromQL.Fault) -> (raw: String, value: String) {
        guard let quote = peek else { throw fault("a text is missing") }
        var raw = String(take(quote))
        var value = ""
        while let character = peek {
            raw.append(take(character))
            if character == quote { return (raw, value) }
            guard character == "\\", quote != "`", let escaped = peek else {
                value.append(character)
                continue
            }
            raw.append(take(escaped))
            switch escaped {
            case "n": value.append("\n")
            case "t": value.append("\t")
            case "\\", "\"", "'": value.append(escaped)
            default:
                value.append(character)
                value.append(escaped)
            }
        }
        throw fault("a text is not closed")
    }

    // MARK: Characters

    private var peek: Character? { place < characters.count ? characters[place] : nil }
    private var rest: ArraySlice<Character> { characters[min(place, characters.count)...] }

    private mutating func take(_ character: Character) -> Character {
        place += 1
        return character
    }

    private mutating func space() -> String {
        var text = ""
        while let character = peek, character.isWhitespace { text.append(take(character)) }
        return text
    }

    private static func isWordStart(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character == "_" || character == ":")
    }

    private static func isWord(_ character: Character) -> Bool {
        isWordStart(character) || character.isASCII && character.isNumber
    }

    private func fault(_ what: String) -> PromQL.Fault {
        PromQL.Fault(description: "at character \(place + 1): \(what)")
    }
}
