/// Why a text is not the JSON that a ledger takes, and at which byte.
package struct JSONError: Error, Equatable, CustomStringConvertible {
    package enum Fault: Equatable, Sendable {
        case empty
        case byteOrderMark
        case invalidUTF8
        case controlCharacter(UInt8)
        case loneSurrogate
        case badEscape
        case unterminatedString
        case duplicateName(String)
        case badNumber
        case numberTooLarge
        case integerTooLarge
        case tooDeep
        case unexpected(UInt8)
        case unexpectedEnd
        case trailingBytes
    }

    package let fault: Fault
    /// 0-based offset in bytes from the start of the text.
    package let offset: Int

    package var description: String { "\(explanation) (at byte \(offset))" }

    private var explanation: String {
        switch fault {
        case .empty: "there is no JSON value"
        case .byteOrderMark: "the text starts with a byte-order mark; write UTF-8 without one"
        case .invalidUTF8: "invalid UTF-8"
        case .controlCharacter(let byte):
            "raw control character U+\(hex(UInt32(byte))) in a string; escape it"
        case .loneSurrogate: "a \\u escape is half of a surrogate pair"
        case .badEscape: "unknown escape in a string"
        case .unterminatedString: "a string does not end"
        case .duplicateName(let name): "the member name \"\(name)\" stands twice in one object"
        case .badNumber: "malformed number"
        case .numberTooLarge: "number too large for a double; carry it as a string"
        case .integerTooLarge:
            "integer outside ±(2^53 − 1), which readers round differently; carry it as a string"
        case .tooDeep: "nested deeper than \(StrictJSONParser.deepest) levels"
        case .unexpected(let byte):
            byte > 0x20 && byte < 0x7F
                ? "unexpected \"\(Character(UnicodeScalar(byte)))\""
                : "unexpected byte 0x\(String(byte, radix: 16))"
        case .unexpectedEnd: "the text ends in the middle of a value"
        case .trailingBytes: "something follows the value"
        }
    }

    private func hex(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
