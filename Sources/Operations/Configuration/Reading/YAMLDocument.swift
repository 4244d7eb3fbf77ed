import Yams

/// From bytes to one tree of nodes, or to faults. What YAML has beyond plain mappings, lists and
/// texts is refused: anchors, aliases, merge keys, tags, several documents, tabs in the indentation.
enum YAMLDocument {
    /// The one document of a file.
    static func compose(_ bytes: [UInt8], faults: FaultList) -> Value? {
        documents(bytes, faults) { try $0.singleRoot().map { [$0] } ?? [] }.first
    }

    /// All documents of a file, divided by lines of `---`.
    static func composeAll(_ bytes: [UInt8], faults: FaultList) -> [Value] {
        documents(bytes, faults) { parser in
            var roots: [Node] = []
            while let root = try parser.nextRoot() { roots.append(root) }
            return roots
        }
    }

    private static func documents(
        _ bytes: [UInt8], _ faults: FaultList, _ roots: (Parser) throws -> [Node]
    ) -> [Value] {
        guard bytes.count <= ConfigurationFile.mostBytes else {
            faults.add(1, "the file has more than \(ConfigurationFile.mostBytes) bytes; shorten it")
            return []
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let bytes = bytes.starts(with: mark) ? bytes[mark.count...] : bytes[...]
        guard let text = String(validating: bytes, as: UTF8.self) else {
            faults.add(lineOfBadByte(bytes), "this is not valid UTF-8; save the file as UTF-8")
            return []
        }
        checkTabs(text, faults)
        checkAliasBomb(text, faults)
        guard faults.isEmpty else { return [] }
        let found = values(of: text, faults, roots)
        if found.isEmpty, faults.isEmpty {
            faults.add(1, "the file is empty; write ledger: FILE into it")
        }
        return found
    }

    /// Yams stops at the first mapping with a key that stands twice. So the key is given another
    /// name and the file is read again, until all is found.
    private static func values(
        of text: String, _ faults: FaultList, _ roots: (Parser) throws -> [Node]
    ) -> [Value] {
        var text = text
        for round in 0..<mostRepairs {
            do {
                let parser = try Parser(
                    yaml: text, resolver: .basic, constructor: .default, encoding: .utf8)
                let values = try roots(parser).map { Value(name: "", node: $0, faults: faults) }
                // Nodes know their anchors only as long as their parser lives.
                return withExtendedLifetime(parser) {
                    values.contains { $0.refusesAnchorsAndTags() } ? [] : values
                }
            } catch YamlError.duplicatedKeysInMapping(let names, let context) {
                let name = names.first ?? ""
                faults.add(
                    context.mark.line,
                    "the key \"\(name)\" stands again further down; keep one of them")
                text = renamed(text, at: context.mark, round)
            } catch let error as YamlError {
                // A repair may have broken the file's syntax: that is no fault of the file's.
                if round == 0 { report(error, faults) }
                return []
            } catch {
                faults.add(1, "this is not YAML: \(error)")
                return []
            }
        }
        return []
    }

    private static let mostRepairs = 50

    /// No key of ours starts with it: the first of Unicode's private signs.
    static let repairSign: Character = "\u{E000}"

    private static func renamed(_ text: String, at mark: Mark, _ round: Int) -> String {
        var scalars = Array(text.unicodeScalars)
        var line = 1
        var start = 0
        while line < mark.line, start < scalars.count {
            if scalars[start] == "\n" { line += 1 }
            start += 1
        }
        let place = min(start + mark.column - 1, scalars.count)
        scalars.insert(contentsOf: "\(repairSign)\(round)-".unicodeScalars, at: place)
        var renamed = String.UnicodeScalarView()
        renamed.append(contentsOf: scalars)
        return String(renamed)
    }
}
