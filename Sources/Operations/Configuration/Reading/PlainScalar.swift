import Yams

/// What YAML 1.2's core schema takes a scalar for. `yes`, `on` and dates are texts.
/// https://yaml.org/spec/1.2.2/#103-core-schema
enum PlainScalar: Equatable {
    case text(String)
    case integer(Int)
    case bool(Bool)
    case null
    /// A number that is no small integer.
    case number

    init(_ scalar: Node.Scalar) {
        let text = scalar.string
        guard scalar.style == .plain || scalar.style == .any else {
            self = .text(text)
            return
        }
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE": self = .bool(true)
        case "false", "False", "FALSE": self = .bool(false)
        default:
            if let integer = Int(text) {
                self = .integer(integer)
            } else {
                self = Self.isNumber(text) ? .number : .text(text)
            }
        }
    }

    private static func isNumber(_ text: String) -> Bool {
        let body = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
        if [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains(String(body)) { return true }
        if text.hasPrefix("0x") { return Int(text.dropFirst(2), radix: 16) != nil }
        if text.hasPrefix("0o") { return Int(text.dropFirst(2), radix: 8) != nil }
        let known = body.allSatisfy { $0.isASCII && ($0.isNumber || ".eE+-".contains($0)) }
        guard known, let first = body.first, first.isNumber || first == "." else { return false }
        return Double(body.first == "." ? "0" + body : String(body)) != nil
            || body.last == "." && Double(body.dropLast()) != nil
    }
}

extension Value {
    /// Nil for a mapping or a list.
    var scalar: PlainScalar? { node.scalar.map(PlainScalar.init) }
}
