/// Texts from anywhere, as they may be shown: what would move a cursor, turn the order of reading, or is no
/// character at all is shown as its escape, `\u{202e}`.
package enum Printable {
    /// - Parameter breaks: Whether tabs and line breaks stay.
    package static func text(_ text: String, keepingBreaks breaks: Bool = false) -> String {
        func isShown(_ scalar: Unicode.Scalar) -> Bool {
            !isControl(scalar) || breaks && "\t\n\r".unicodeScalars.contains(scalar)
        }
        let scalars = text.unicodeScalars
        guard !scalars.allSatisfy(isShown) else { return text }
        return scalars.map { isShown($0) ? String($0) : escape($0) }.joined()
    }

    static func escape(_ scalar: Unicode.Scalar) -> String {
        "\\u{\(String(scalar.value, radix: 16))}"
    }

    /// Controls (C0, DEL, C1), those of bidirectional text
    /// (https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters), and noncharacters.
    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x20, 0x7F...0x9F, 0x61C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        case 0xFDD0...0xFDEF: true
        default: scalar.value & 0xFFFE == 0xFFFE
        }
    }
}
