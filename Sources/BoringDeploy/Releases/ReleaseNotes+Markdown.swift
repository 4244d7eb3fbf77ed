// The notes as CommonMark (https://spec.commonmark.org/0.31.2/). What commits say is text, not markup:
// every character with a meaning is escaped, and it stays on its line.

extension ReleaseNotes {
    package var markdown: String {
        var lines = [
            "# \(Markdown.escaped([project, version].compactMap { $0 }.joined(separator: " ")))"
        ]
        let since = previous.map { Markdown.escaped("since \($0)") }
        lines += [
            "", (["Commit `\(commit)`", since].compactMap { $0 }.joined(separator: " ")) + ".",
        ]
        for section in sections {
            lines += ["", "## \(section.category.title)", ""]
            for change in section.changes { lines += Self.lines(change, in: section.category) }
        }
        if sections.isEmpty { lines += ["", "No changes."] }
        if !migrations.isEmpty {
            lines += ["", "## Migrations", ""]
            lines += migrations.map { file in
                let digest = file.digest.map { "sha256 `\($0.hex.prefix(12))…`" } ?? "deleted"
                return "- \(Markdown.escaped(file.path)) (\(digest))"
            }
        }
        if !overrides.isEmpty {
            lines += ["", "## Overrides", ""]
            lines += overrides.map {
                "- **\(Markdown.escaped($0.gate))** overridden by \(Markdown.escaped($0.by)): "
                    + Markdown.escaped($0.reason)
            }
        }
        if !contributors.isEmpty {
            lines += ["", "## Contributors", ""]
            lines += contributors.map { "- \(Markdown.escaped($0))" }
        }
        // An upgrade text ends with a blank line, as a section begins with one.
        let whole = lines.indices.filter { $0 == 0 || lines[$0] != "" || lines[$0 - 1] != "" }
        return whole.map { lines[$0] }.joined(separator: "\n") + "\n"
    }

    private static func lines(_ change: Change, in category: NoteCategory) -> [String] {
        var summary = change.summary
        let pull = change.pull.map { "#\($0)" }
        if let pull, summary.hasSuffix(" (\(pull))") {
            summary = String(summary.dropLast(pull.count + 3))
        }
        let scope = change.scope.map { "**\(Markdown.escaped($0)):** " } ?? ""
        // Where the heading does not say the type, the line does.
        let isNamed = category == .others || category == .maintenance
        let type = isNamed ? change.type.map { "\(Markdown.escaped($0)): " } ?? "" : ""
        let citation = [pull, "`\(change.commit.prefix(7))`"].compactMap { $0 }
            .joined(separator: ", ")
        var lines = ["- \(type)\(scope)\(Markdown.escaped(summary)) (\(citation))"]
        if category == .breaking, let upgrade = change.upgrade {
            lines.append("")
            lines += upgrade.split(separator: "\n").map { "  > \(Markdown.escaped(String($0)))" }
            lines.append("")
        }
        return lines
    }
}

package enum Markdown {
    private static let special = Set("\\`*_{}[]<>#|~&$".utf8)
    /// What begins a list or underlines a heading at the start of a line.
    private static let leading = Set("-+=".utf8)

    /// A text that shows as it is, on one line: no markup, no HTML, no link.
    package static func escaped(_ text: String) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count + 8)
        var isAtStart = true
        var isNumber = true
        // Line breaks and tabs are blanks; other controls are shown.
        for byte in Printable.text(text, keepingBreaks: true).utf8 {
            let isBlank = byte <= 0x20 || byte == 0x7F
            if isBlank {
                if !isAtStart { output.append(0x20) }
                isNumber = isNumber && isAtStart
                continue
            }
            let endsNumber = isNumber && !isAtStart && (byte == 0x2E || byte == 0x29)
            if special.contains(byte) || endsNumber || isAtStart && leading.contains(byte) {
                output.append(UInt8(ascii: "\\"))
            }
            output.append(byte)
            isNumber = isNumber && (0x30...0x39).contains(byte)
            isAtStart = false
        }
        return String(decoding: output, as: UTF8.self)
    }
}
