import Yams

/// From bytes to one tree of nodes, or to faults. What YAML has beyond plain mappings, lists and
/// texts is refused: anchors, aliases, merge keys, tags, several documents, tabs in the indentation.
enum YAMLDocument {
    static func compose(_ bytes: [UInt8], faults: FaultList) -> Value? {
        guard bytes.count <= ConfigurationFile.mostBytes else {
            faults.add(1, "the file has more than \(ConfigurationFile.mostBytes) bytes; shorten it")
            return nil
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let bytes = bytes.starts(with: mark) ? bytes[mark.count...] : bytes[...]
        guard let text = String(validating: bytes, as: UTF8.self) else {
            faults.add(lineOfBadByte(bytes), "this is not valid UTF-8; save the file as UTF-8")
            return nil
        }
        checkTabs(text, faults)
        checkAliasBomb(text, faults)
        guard faults.isEmpty else { return nil }
        let root = root(of: text, faults)
        if root == nil, faults.isEmpty {
            faults.add(1, "the file is empty; write ledger: FILE into it")
        }
        return root
    }

    /// Yams stops at the first mapping with a key that stands twice. So the key is given another
    /// name and the file is read again, until all is found.
    private static func root(of text: String, _ faults: FaultList) -> Value? {
        var text = text
        for round in 0..<mostRepairs {
            do {
                let parser = try Parser(
                    yaml: text, resolver: .basic, constructor: .default, encoding: .utf8)
                guard let node = try parser.singleRoot() else { return nil }
                let value = Value(name: "", node: node, faults: faults)
                // Nodes know their anchors only as long as their parser lives.
                return withExtendedLifetime(parser) {
                    value.refusesAnchorsAndTags() ? nil : value
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
                return nil
            } catch {
                faults.add(1, "this is not YAML: \(error)")
                return nil
            }
        }
        return nil
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
