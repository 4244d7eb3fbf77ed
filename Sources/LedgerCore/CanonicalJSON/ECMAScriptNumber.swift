// ECMAScript's Number::toString(10) (ECMA-262, 2024, section 6.1.6.1.20), which RFC 8785 §3.2.2.3
// demands.
//
// The shortest digits that read back as the same double are those of Swift's `description` too
// (both take the closest of the shortest). Where the point and the exponent stand differs: 1e+16 is
// 10000000000000000 here, and 1e-05 is 0.00001.

enum ECMAScriptNumber {
    /// Appends the text of a finite double.
    static func append(_ value: Double, to output: inout [UInt8]) {
        if value.magnitude <= JSONValue.largestInteger, value == value.rounded(.towardZero) {
            output.append(contentsOf: String(Int64(value)).utf8)
            return
        }
        if value < 0 { output.append(UInt8(ascii: "-")) }
        let (digits, pointAfter) = decimal(value.magnitude)
        let count = digits.count
        switch pointAfter {
        case count...21:
            output.append(contentsOf: digits)
            appendZeros(pointAfter - count, to: &output)
        case 1...21:
            output.append(contentsOf: digits[..<pointAfter])
            output.append(UInt8(ascii: "."))
            output.append(contentsOf: digits[pointAfter...])
        case -5...0:
            output.append(contentsOf: "0.".utf8)
            appendZeros(-pointAfter, to: &output)
            output.append(contentsOf: digits)
        default:
            output.append(digits[0])
            if count > 1 {
                output.append(UInt8(ascii: "."))
                output.append(contentsOf: digits[1...])
            }
            output.append(UInt8(ascii: "e"))
            output.append(UInt8(ascii: pointAfter > 0 ? "+" : "-"))
            output.append(contentsOf: String(abs(pointAfter - 1)).utf8)
        }
    }

    /// The shortest digits of a positive double, without leading or trailing zeros, and how many of
    /// them (or how many zeros, if negative) stand before the point: 0.d₁d₂… × 10^pointAfter.
    private static func decimal(_ value: Double) -> (digits: [UInt8], pointAfter: Int) {
        var digits: [UInt8] = []
        var pointAfter: Int?
        var exponent = 0
        let text = Array(value.description.utf8)
        for (index, byte) in text.enumerated() {
            switch byte {
            case UInt8(ascii: "."): pointAfter = digits.count
            case UInt8(ascii: "e"):
                exponent = Int(String(decoding: text[(index + 1)...], as: UTF8.self)) ?? 0
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if exponent == 0, !text[..<index].contains(UInt8(ascii: "e")) {
                    digits.append(byte)
                }
            default: break
            }
        }
        var point = (pointAfter ?? digits.count) + exponent
        let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(zeros)
        point -= zeros
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return (digits, point)
    }

    private static func appendZeros(_ count: Int, to output: inout [UInt8]) {
        output.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: count))
    }
}
