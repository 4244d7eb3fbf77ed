import Yams

extension Value {
    /// A text that says something.
    func text(orEmpty: Bool = false) -> String? {
        guard !isMissing() else { return nil }
        switch scalar {
        case .text(let text):
            guard !text.unicodeScalars.contains("\0") else {
                fault("\(title) holds a NUL; take it out")
                return nil
            }
            guard orEmpty || text.contains(where: { !$0.isWhitespace }) else {
                fault("\(title) is an empty text; give it a value, or leave the key out")
                return nil
            }
            return text
        case nil: fault("\(title) must be a text, not a \(kind)")
        default:
            let written = node.scalar?.string ?? ""
            fault("\(title) must be a text, not \(written); put it in quotes: \"\(written)\"")
        }
        return nil
    }

    func integer(in range: ClosedRange<Int>) -> Int? {
        guard !isMissing() else { return nil }
        if case .integer(let integer) = scalar, range.contains(integer) { return integer }
        fault("\(title) must be a number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    func bool() -> Bool? {
        guard !isMissing() else { return nil }
        if case .bool(let bool) = scalar { return bool }
        fault("\(title) must be true or false, without quotes")
        return nil
    }

    /// A list's items.
    func items(atLeast least: Int = 0, as example: String = "[a, b]") -> [Value]? {
        guard !isMissing() else { return nil }
        guard let sequence = node.sequence else {
            fault("\(title) must be a list, as \(example)")
            return nil
        }
        guard sequence.count >= least else {
            fault("\(title) is an empty list; name at least one, or leave the key out")
            return nil
        }
        return sequence.enumerated().map { index, node in
            Value(name: "\(name)[\(index)]", node: node, faults: faults)
        }
    }

    /// A list of texts, none of them twice. Those that are at fault are left out.
    func texts(atLeast least: Int = 0, as example: String = "[a, b]") -> [String]? {
        unique(items(atLeast: least, as: example)) { $0.text() }
    }

    /// What `read` makes of each item; the same one twice is a fault.
    func unique(_ items: [Value]?, _ read: (Value) -> String?) -> [String]? {
        guard let items else { return nil }
        var seen: Set<String> = []
        return items.compactMap { item in
            guard let text = read(item) else { return nil }
            guard seen.insert(text).inserted else {
                item.fault("\(name) names \"\(text)\" twice; keep one of them")
                return nil
            }
            return text
        }
    }

    /// A mapping whose keys are names of the user's, with what stands under each.
    func entries() -> [(key: Value, name: String, value: Value)]? {
        guard !isMissing() else { return nil }
        guard let mapping = node.mapping else {
            fault("\(title) must be a mapping of names, not a \(kind)")
            return nil
        }
        return mapping.compactMap { keyNode, node in
            let key = Value(name: "a name in \(title)", node: keyNode, faults: faults)
            guard let text = key.text(), text.first != YAMLDocument.repairSign else { return nil }
            return (key, text, child(text, node))
        }
    }

    var kind: String {
        if node.mapping != nil { return "mapping" }
        return node.sequence != nil ? "list" : "text"
    }
}
