import LedgerCore

/// What a judge finds of one check.
package enum CheckFinding: String, Sendable, Equatable {
    case worse
    case notWorse = "not worse"
    case inconclusive
}

/// A check's verdict, with the numbers that it rests on.
package struct CheckVerdict: Sendable, Equatable {
    package var name: String
    package var finding: CheckFinding
    /// In words, with the samples.
    package var reason: String
    /// By the judge that made it; docs/spec/judge.md lists them.
    package var numbers: JSONObject

    package init(
        _ name: String, _ finding: CheckFinding, _ reason: String,
        _ numbers: JSONObject = JSONObject()
    ) {
        self.name = name
        self.finding = finding
        self.reason = reason
        self.numbers = numbers
    }

    package var json: JSONValue {
        var object = numbers
        object["name"] = .string(name)
        object["verdict"] = .string(finding.rawValue)
        object["reason"] = .string(reason)
        return .object(object)
    }
}

extension JSONValue {
    /// A number of a judge; JSON has no infinity, so what is too large is the largest double.
    static func finite(_ value: Double) -> JSONValue {
        value.isNaN
            ? .null
            : .number(
                min(max(value, -Double.greatestFiniteMagnitude), .greatestFiniteMagnitude))
    }
}
