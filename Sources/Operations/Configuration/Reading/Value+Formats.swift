import BoringDeploy
import Foundation

extension Value {
    /// A program and its arguments.
    func argv() -> [String]? {
        guard !isMissing() else { return nil }
        guard node.sequence != nil else {
            fault(
                "\(title) must be a list of a program and its arguments, as [./ops/deploy, stage]; "
                    + "no shell reads it, so a shell's line does not work")
            return nil
        }
        return items(atLeast: 1)?.compactMap { $0.text() }
    }

    /// A name of ours: it stands in subjects, variables and commands.
    func plainName() -> String? {
        guard let text = text() else { return nil }
        let known = text.allSatisfy {
            $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0))
        }
        let first = text.first.map { $0.isLetter || $0.isNumber } ?? false
        guard known, first, text.count <= 64 else {
            fault(
                "\"\(text)\" is no name; take up to 64 letters, digits, and . _ - between them")
            return nil
        }
        return text
    }

    func duration() -> Duration? {
        guard !isMissing() else { return nil }
        if let text = node.scalar?.string, let duration = Duration(configured: text) {
            return duration
        }
        fault("\(title) must be a duration, as 30s, 2m, 1h30m or 2d")
        return nil
    }

    func version() -> String? {
        guard !isMissing() else { return nil }
        if case .text(let text) = scalar, (try? SemanticVersion(parsing: text)) != nil {
            return text
        }
        fault("\(title) must be a version of three numbers, as 0.1.0 or 1.0.0-rc.1")
        return nil
    }

    func zone() -> String? {
        guard let text = text() else { return nil }
        let isPlace = text.contains("/") && !text.hasPrefix("/") && !text.contains("..")
        guard text == "UTC" || isPlace && TimeZone(identifier: text) != nil else {
            fault("\"\(text)\" is no IANA time zone; write one as Europe/Rome, or UTC")
            return nil
        }
        return text
    }

    /// One of the names that the file gives elsewhere.
    func reference(to names: [String], _ what: String, orElse wayOut: String) -> String? {
        guard let text = text() else { return nil }
        if names.contains(text) { return text }
        guard let nearest = NearestName.of(text, in: names) else {
            fault("there is no \(what) \"\(text)\"; \(wayOut)")
            return nil
        }
        fault("there is no \(what) \"\(text)\"; did you mean \"\(nearest)\"?")
        return nil
    }

    func references(
        to names: [String], _ what: String, orElse wayOut: String, atLeast least: Int = 0
    ) -> [String]? {
        unique(items(atLeast: least)) { $0.reference(to: names, what, orElse: wayOut) }
    }
}
