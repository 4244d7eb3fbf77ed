/// A series that a selector selects: for tests of rules, which need some.
struct SeriesExample: Equatable {
    var metric: String
    var labels: [String: String]

    /// Nil for selectors that are too clever to be satisfied by guessing.
    init?(_ selector: PromQL.Selector) {
        var metric = selector.metric
        var labels: [String: String] = [:]
        for matcher in selector.matchers {
            let value: String?
            switch matcher.operation {
            case "=": value = matcher.value
            case "=~": value = RegularExpressionExample(matcher.value).text
            default: continue
            }
            guard let value else { return nil }
            if matcher.label == "__name__" {
                metric = value
            } else if let other = labels[matcher.label], other != value {
                return nil
            } else {
                labels[matcher.label] = value
            }
        }
        guard let metric else { return nil }
        self.metric = metric
        self.labels = labels
        guard isSelected(by: selector) else { return nil }
    }

    /// By what can be decided without matching regular expressions in general.
    func isSelected(by selector: PromQL.Selector) -> Bool {
        guard selector.metric == nil || selector.metric == metric else { return false }
        return selector.matchers.allSatisfy { matcher in
            let value = matcher.label == "__name__" ? metric : labels[matcher.label] ?? ""
            switch matcher.operation {
            case "=": return value == matcher.value
            case "!=": return value != matcher.value
            default:
                guard let regex = try? Regex(matcher.value) else { return false }
                let matches = (try? regex.wholeMatch(in: value)) != nil
                return matches == (matcher.operation == "=~")
            }
        }
    }

    /// As `name{label="value"}`.
    var text: String {
        let labels = labels.sorted { $0.key < $1.key }.map {
            "\($0.key)=\"\(PromQL.escaped($0.value))\""
        }
        return "\(metric){\(labels.joined(separator: ","))}"
    }
}

/// Some text that a plain regular expression matches: of alternatives the first, of classes the
/// first sign.
private struct RegularExpressionExample {
    let text: String?

    init(_ pattern: String) {
        var text = ""
        var last = ""
        var isKnown = true
        var characters = Array(pattern)[...]
        // The first of alternatives outside of brackets.
        if !pattern.contains("("), let bar = characters.firstIndex(of: "|") {
            characters = characters[..<bar]
        }
        while let character = characters.popFirst() {
            switch character {
            case ".": last = "0"
            case "\\":
                guard let escaped = characters.popFirst() else { break }
                last = escaped == "d" ? "0" : escaped == "w" ? "a" : String(escaped)
            case "[":
                guard let first = characters.first, first != "^",
                    let end = characters.firstIndex(of: "]")
                else {
                    isKnown = false
                    break
                }
                last = String(first)
                characters = characters[(end + 1)...]
            case "*", "+", "?": continue
            case "(", ")", "{", "}", "^", "$", "|":
                isKnown = false
            default: last = String(character)
            }
            text += last
        }
        self.text = isKnown ? text : nil
    }
}
