/// Text in HTML and SVG.
enum Markup {
    /// By code points: a `<` after one that joins what follows is no character of its own to Swift, and
    /// is one to a browser. What would turn the order of reading, or is no text in HTML, is shown as its
    /// escape.
    static func escaped(_ text: String) -> String {
        Printable.text(text, keepingBreaks: true).unicodeScalars.map { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "'": "&#39;"
            default: String(scalar)
            }
        }.joined()
    }
}
