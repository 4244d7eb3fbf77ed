import Yams

extension YAMLDocument {
    /// In YAML only spaces indent; every line with a tab there is told.
    static func checkTabs(_ text: String, _ faults: FaultList) {
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        for (index, line) in lines.enumerated() {
            let indentation = line.prefix { $0 == " " || $0 == "\t" }
            let rest = line.dropFirst(indentation.count)
            guard indentation.contains("\t"), !rest.isEmpty, rest.first != "#" else { continue }
            faults.add(index + 1, "a tab stands in the indentation; indent with spaces")
        }
    }

    /// A few aliases do no harm before they are refused by name; many may take for ever.
    static func checkAliasBomb(_ text: String, _ faults: FaultList) {
        var anchors = 0
        var aliases = 0
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            if " \t\r\n[]{},:".unicodeScalars.contains(previous) {
                if scalar == "&" { anchors += 1 }
                if scalar == "*" { aliases += 1 }
            }
            previous = scalar
        }
        if anchors > 0, aliases > 16 { faults.add(1, Value.anchorsRefused) }
    }

    static func lineOfBadByte(_ bytes: ArraySlice<UInt8>) -> Int {
        var line = 1
        for part in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            guard String(validating: part, as: UTF8.self) != nil else { return line }
            line += 1
        }
        return line
    }

    /// What libyaml found, with what to do about it.
    static func report(_ error: YamlError, _ faults: FaultList) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            faults.add(mark.line, "this is not YAML: \(problem); \(wayOut(problem))")
        case .reader(let problem, let offset, _, let text):
            let before = text.prefix(offset ?? 0)
            faults.add(
                before.count { $0.isNewline } + 1,
                "this is not YAML: \(problem); take the character out")
        case .memory: faults.add(1, "the file is nested too deeply; make it flatter")
        default: faults.add(1, "this is not YAML: \(error)")
        }
    }

    private static func wayOut(_ problem: String) -> String {
        if problem.contains("alias") || problem.contains("alphabetic") {
            return "put a value that starts with * in quotes"
        }
        if problem.contains("another document") { return "keep one document, without ---" }
        if problem.contains("cannot start any token") {
            return "put a value that starts with a sign in quotes"
        }
        return "look at quotes, brackets and indentation here and above"
    }
}
