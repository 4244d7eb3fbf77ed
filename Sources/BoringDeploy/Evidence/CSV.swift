// CSV: RFC 4180, with a header line, CRLF, UTF-8.

/// A table as a CSV file.
struct CSV {
    private var text: String

    init(_ header: [String]) {
        text = ""
        add(header)
    }

    mutating func add(_ fields: [String]) {
        text += fields.map(Self.field).joined(separator: ",") + "\r\n"
    }

    var bytes: [UInt8] { Array(text.utf8) }

    private static func field(_ value: String) -> String {
        // A spreadsheet would run what begins like a formula
        // (https://owasp.org/www-community/attacks/CSV_Injection), the full-width signs as well.
        let formulas = "=+-@\t\r\n\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars
        let isFormula = value.unicodeScalars.first.map { formulas.contains($0) } ?? false
        let text = isFormula ? "'" + value : value
        // What separates fields or lines anywhere, in whatever country, stays within this one.
        guard text.unicodeScalars.contains(where: { ",;\t\"\r\n".unicodeScalars.contains($0) })
        else {
            return text
        }
        // By code points: a quotation mark with an accent is one character to Swift, and ends a field.
        let quoted = text.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined()
        return "\"\(quoted)\""
    }
}
