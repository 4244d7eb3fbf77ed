import EventSourcing
import LedgerCore

/// A table of a page: sortable by the page's script, and good without it.
struct HTMLTable {
    private let headings: [String]
    private let rows: [[Cell]]
    /// The position of the entry that each row shows as a whole; nil for other tables, and for rows whose
    /// entry another table shows.
    var events: [Position?]?

    init(_ headings: [String], _ rows: [[Cell]]) {
        self.headings = headings
        self.rows = rows
    }

    enum Cell: ExpressibleByStringLiteral {
        case text(String)
        case code(String)
        /// Of an event: breaks after a dot, and nowhere else.
        case name(String)
        case time(Timestamp)
        case number(Int)
        /// Where the row is recorded: leads to the timeline, and is marked once it is checked.
        case entry(Position)
        /// The same of an entry that no timeline of the page has.
        case place(Position)
        case hash(Digest)
        /// A text that leads to a place in the page.
        case link(String, anchor: String)
        /// An outcome in words, marked by a sign as well as by a colour.
        case mark(String, Mark)

        enum Mark: String {
            case good
            case bad
            case open
        }

        init(stringLiteral value: String) { self = .text(value) }

        static func outcome(_ outcome: Outcome) -> Cell {
            switch outcome {
            case .passed: .mark(outcome.rawValue, .good)
            case .failed, .refused: .mark(outcome.rawValue, .bad)
            case .inconclusive: .mark(outcome.rawValue, .open)
            }
        }

        var html: String {
            switch self {
            case .text(let text): "<td>\(Markup.escaped(text))</td>"
            case .code(let text): "<td><code>\(Markup.escaped(text))</code></td>"
            case .name(let text):
                "<td class=\"name\">\(Markup.escaped(text).replacing(".", with: ".<wbr>"))</td>"
            case .time(let time):
                // HTML takes at most three digits of a second's fraction.
                "<td class=\"time\" data-sort=\"\(time)\" title=\"\(time)\"><time "
                    + "datetime=\"\(time.description.prefix(23))Z\">\(time.inWords)</time></td>"
            case .number(let number): "<td class=\"number\">\(number)</td>"
            case .entry(let position):
                "<td class=\"number\" data-sort=\"\(position)\">"
                    + "<a href=\"#entry-\(position)\" data-position=\"\(position)\">\(position)</a></td>"
            case .place(let position):
                "<td class=\"number\" data-sort=\"\(position)\">"
                    + "<span data-position=\"\(position)\">\(position)</span></td>"
            case .hash(let digest):
                "<td><code class=\"hash\" title=\"\(digest)\">\(digest.hex.prefix(16))</code></td>"
            case .link(let text, let anchor):
                "<td><a href=\"#\(anchor)\">\(Markup.escaped(text))</a></td>"
            case .mark(let text, let mark):
                "<td><span class=\"\(mark.rawValue)\">\(mark.sign) \(Markup.escaped(text))</span></td>"
            }
        }
    }

    /// Nothing for a table without rows, but a sentence where one is given.
    func html(titled title: String, about: String? = nil, none: String? = nil) -> String {
        guard !rows.isEmpty || none != nil else { return "" }
        var html = "<section id=\"\(Self.anchor(title))\"><h2>\(Markup.escaped(title))</h2>"
        if let none, rows.isEmpty {
            return html + "<p class=\"none\">\(Markup.escaped(none))</p></section>\n"
        }
        if let about { html += "<p class=\"about\">\(Markup.escaped(about))</p>" }
        return html + table + "</section>\n"
    }

    var table: String {
        let titles = headings.map { "<th scope=\"col\">\(Markup.escaped($0))</th>" }.joined()
        var lines: [String] = []
        for (index, row) in rows.enumerated() {
            let event = events?[index].map { " id=\"entry-\($0)\" data-event=\"\($0)\"" }
            lines.append("<tr\(event ?? "")>\(row.map(\.html).joined())</tr>")
        }
        return
            "<div class=\"wide\"><table class=\"rows\"><thead><tr>\(titles)</tr></thead><tbody>\n"
            + lines.joined(separator: "\n") + "</tbody></table></div>"
    }

    static func anchor(_ title: String) -> String {
        let words = title.lowercased().prefix { $0 != ":" }.split { !$0.isASCII || !$0.isLetter }
        return words.joined(separator: "-")
    }
}

extension HTMLTable.Cell.Mark {
    fileprivate var sign: String {
        switch self {
        case .good: "✓"
        case .bad: "✗"
        case .open: "?"
        }
    }
}

extension Timestamp {
    /// As `2026-11-24 16:45:58`, UTC, for people.
    package var inWords: String { String(description.prefix(19)).replacing("T", with: " ") }
}
