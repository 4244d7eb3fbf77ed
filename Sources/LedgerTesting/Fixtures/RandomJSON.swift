import LedgerCore

/// Random JSON values, with the corners that canonical JSON is about.
package struct RandomJSON {
    private var numbers: SeededNumbers

    package init(_ numbers: SeededNumbers) { self.numbers = numbers }

    package mutating func value(depth: Int = 4) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &numbers) {
        case 0: .null
        case 1: .bool(Bool.random(using: &numbers))
        case 2, 3: .number(number())
        case 4, 5: .string(string())
        case 6:
            .array(
                (0..<Int.random(in: 0..<5, using: &numbers)).map { _ in value(depth: depth - 1) })
        default: .object(object(depth: depth))
        }
    }

    package mutating func object(depth: Int) -> JSONObject {
        var object = JSONObject()
        for _ in 0..<Int.random(in: 0..<6, using: &numbers) {
            object[string()] = value(depth: depth - 1)
        }
        return object
    }

    /// A finite double: of random bits, or a short decimal, or an integer.
    package mutating func number() -> Double {
        switch Int.random(in: 0..<4, using: &numbers) {
        case 0: return Double(Int64.random(in: -1000...1000, using: &numbers))
        case 1: return Double(Int64.random(in: -(1 << 53)...(1 << 53), using: &numbers))
        case 2:
            let digits = Double(Int64.random(in: 0...99_999, using: &numbers))
            return digits / 1000
        default:
            while true {
                let value = Double(bitPattern: numbers.next())
                if value.isFinite { return value }
            }
        }
    }

    package mutating func string() -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0..<8, using: &numbers) { text.append(scalar()) }
        return String(text)
    }

    /// The edges of UTF-8's and UTF-16's ranges, and what must be escaped, more often than chance
    /// would have them.
    private static let edges: [ClosedRange<UInt32>] = [
        0x00...0x1F, 0x20...0x7F, 0x22...0x22, 0x5C...0x5C, 0x80...0x9F, 0x300...0x310,
        0x7F0...0x810,
        0xD7F0...0xD7FF, 0xE000...0xE010, 0xFFF0...0xFFFF, 0x1_0000...0x1_0010, 0x1_F600...0x1_F640,
        0x10_FFF0...0x10_FFFF,
    ]

    private mutating func scalar() -> Unicode.Scalar {
        let range = Self.edges[Int.random(in: 0..<Self.edges.count, using: &numbers)]
        return Unicode.Scalar(UInt32.random(in: range, using: &numbers)) ?? "?"
    }
}
