/// A PromQL expression, read as far as it takes to find its vector selectors: `name`,
/// `name{label="value"}`, `{__name__="name"}`, each with or without a range `[5m]`.
///
/// Prometheus itself says whether the rest is right; `promtool check rules` reads what is made here.
/// https://prometheus.io/docs/prometheus/latest/querying/basics/
package struct PromQL: Sendable, Equatable {
    package struct Fault: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    /// Pieces whose texts are the expression, space and all.
    private enum Piece: Equatable {
        case text(String)
        case selector(Selector)
    }

    package struct Selector: Sendable, Equatable {
        package var metric: String?
        package var matchers: [Matcher]
        /// As `5m`; nil for an instant selector.
        var range: String?
        /// What takes it, if it is a growth: `rate`, `irate`, `increase`.
        var function: String?
    }

    package struct Matcher: Sendable, Equatable {
        package let label: String
        /// `=`, `!=`, `=~`, `!~`.
        package let operation: String
        /// Without its quotes.
        package let value: String

        package init(_ label: String, _ operation: String, _ value: String) {
            self.label = label
            self.operation = operation
            self.value = value
        }
    }

    private var pieces: [Piece]

    package init(_ text: String) throws(Fault) {
        var reader = PromQLReader(text)
        pieces = []
        var plain = ""
        while let part = try reader.next() {
            switch part {
            case .text(let text): plain += text
            case .selector(let selector):
                if !plain.isEmpty { pieces.append(.text(plain)) }
                plain = ""
                pieces.append(.selector(selector))
            }
        }
        if !plain.isEmpty { pieces.append(.text(plain)) }
        guard !selectors.isEmpty else { throw Fault(description: "it selects no metric") }
    }

    package var selectors: [Selector] {
        pieces.compactMap { if case .selector(let selector) = $0 { selector } else { nil } }
    }

    private func mapping(_ change: (Selector) -> String) -> String {
        pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .selector(let selector): change(selector)
            }
        }.joined()
    }

    package var text: String { mapping(\.text) }

    /// With labels that every selector must have besides.
    package func selecting(_ labels: [Matcher]) -> PromQL {
        var copy = self
        copy.pieces = pieces.map { piece in
            guard case .selector(var selector) = piece else { return piece }
            selector.matchers += labels
            return .selector(selector)
        }
        return copy
    }

    /// Of counters: their values as they stand, not their growth.
    package var instant: String {
        mapping { selector in
            var selector = selector
            if selector.function != nil { selector.range = nil }
            selector.function = nil
            return selector.text
        }
    }

    /// What the counters, or the samples, have grown by each second of a window.
    ///
    /// - Parameter function: `rate` for counters, `sum_over_time` for numbers of events.
    package func over(_ window: String, function: String = "rate") -> String {
        mapping { selector in
            var selector = selector
            // What takes a range already, as max_over_time, takes the window's.
            if selector.range == nil || selector.function != nil { selector.function = function }
            selector.range = window
            return selector.text
        }
    }
}

extension PromQL.Selector {
    var text: String {
        let labels = matchers.map {
            "\($0.label)\($0.operation)\"\(PromQL.escaped($0.value))\""
        }.joined(separator: ",")
        let braces = labels.isEmpty && metric != nil ? "" : "{\(labels)}"
        let plain = (metric ?? "") + braces + (range.map { "[\($0)]" } ?? "")
        return function.map { "\($0)(\(plain))" } ?? plain
    }
}

extension PromQL {
    static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "\\": "\\\\"
            case "\"": "\\\""
            case "\n": "\\n"
            default: String(scalar)
            }
        }.joined()
    }
}
