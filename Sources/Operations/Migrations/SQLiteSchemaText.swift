import LedgerCore

/// SQLite keeps a schema as the text of its CREATE statements, and rewrites it when a table is
/// renamed or altered. What means the same is made the same: runs of white space outside quotes
/// become one blank, none beside brackets and commas; plain names lose their double quotes.
enum SQLiteSchemaText {
    /// - Parameter bytes: A JSON array of texts a line, the last of them SQL.
    static func normalised(_ bytes: [UInt8]) throws(RehearsalError) -> [UInt8] {
        var result: [UInt8] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard var row = (try? StrictJSONParser.parse(Array(line)))?.array else {
                throw RehearsalError("sqlite3 answered what is not JSON")
            }
            if let sql = row.last?.string {
                row[row.count - 1] = .string(normalised(sql: sql))
            }
            result += CanonicalJSONWriter.bytes(of: .array(row)) + [UInt8(ascii: "\n")]
        }
        return result
    }

    static func normalised(sql: String) -> String {
        var result: [Unicode.Scalar] = []
        var rest = Array(sql.unicodeScalars)[...]
        var isBlank = false
        while let first = rest.first {
            if first.properties.isWhitespace {
                isBlank = true
                rest = rest.dropFirst()
                continue
            }
            let token = Self.token(&rest)
            if isBlank, let last = result.last, !isTight(last), !isTight(first) {
                result.append(" ")
            }
            isBlank = false
            result += token
        }
        return String(String.UnicodeScalarView(result))
    }

    private static func isTight(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "(" || scalar == ")" || scalar == ","
    }

    /// The next quoted text, whole, or the next character.
    private static func token(_ rest: inout ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
        guard let quote = rest.popFirst() else { return [] }
        guard quote == "'" || quote == "\"" || quote == "`" else { return [quote] }
        var inside: [Unicode.Scalar] = []
        while let next = rest.popFirst(), next != quote { inside.append(next) }
        let isPlain =
            !inside.isEmpty && inside.first?.properties.numericType == nil
            && inside.allSatisfy {
                $0.isASCII
                    && ($0.properties.isAlphabetic || $0 == "_" || $0.properties.numericType != nil)
            }
        // Two quotes in a row stand for one: the next token goes on with the text.
        let goesOn = rest.first == quote
        return quote != "'" && isPlain && !goesOn ? inside : [quote] + inside + [quote]
    }
}
