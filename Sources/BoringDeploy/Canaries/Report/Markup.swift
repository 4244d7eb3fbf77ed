/// Text in HTML and SVG.
enum Markup {
    /// By code points: a `<` after one that joins what follows is no character of its own to Swift, and
    /// is one to a browser.
    static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
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
