/// Any JSON value, as RFC 8259 has it.
///
/// Equality is by code points: unlike Swift's own string comparison it does not take a precomposed
/// letter for its decomposed twin, because their bytes, and so their hashes, differ.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    package static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.number(let a), .number(let b)): a == b
        case (.string(let a), .string(let b)): a.isSameText(as: b)
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)): a == b
        default: false
        }
    }

    package var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    package var isBool: Bool {
        if case .bool = self { true } else { false }
    }

    package var object: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    package var array: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The number as an integer, if it is one that a double holds exactly (within ±(2^53 − 1)).
    package var integer: Int64? {
        guard case .number(let value) = self, value.magnitude <= JSONValue.largestInteger,
            value == value.rounded(.towardZero)
        else { return nil }
        return Int64(value)
    }

    /// 2^53 − 1, the largest integer that I-JSON (RFC 7493 §2.2) lets travel as a number.
    package static let largestInteger = 9_007_199_254_740_991.0
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int32) { self = .number(Double(value)) }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        var object = JSONObject()
        for (name, value) in elements { object[name] = value }
        self = .object(object)
    }

    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}
