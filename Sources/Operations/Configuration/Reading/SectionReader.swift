import Yams

/// A mapping whose keys are ours. Unknown ones are told with the nearest that there is.
struct SectionReader {
    let value: Value
    private var members: [String: Value] = [:]

    init?(_ value: Value, keys: [String]) {
        guard !value.isMissing() else { return nil }
        guard let mapping = value.node.mapping else {
            value.fault(
                "\(value.title) must be a mapping with \(keys.joined(separator: ", ")), not a "
                    + value.kind)
            return nil
        }
        self.value = value
        for (keyNode, node) in mapping {
            let key = Value(name: value.name, node: keyNode, faults: value.faults)
            guard let name = keyNode.scalar?.string else {
                key.fault("a key must be a text; the keys here are \(keys.joined(separator: ", "))")
                continue
            }
            if name.first == YAMLDocument.repairSign { continue }
            guard keys.contains(name) else {
                key.fault(Self.unknown(name, keys, in: value))
                continue
            }
            members[name] = value.child(name, node)
        }
    }

    subscript(key: String) -> Value? { members[key] }

    /// A key that must be there; `example` shows how it may look.
    func required(_ key: String, as example: String) -> Value? {
        if let member = members[key] { return member }
        value.fault("\(value.title) lacks \"\(key)\"; add it, as \(key): \(example)")
        return nil
    }

    private static func unknown(_ name: String, _ keys: [String], in value: Value) -> String {
        guard name != "<<" else {
            return "YAML's merge key << is not taken; write the keys out at each place"
        }
        let place = value.name.isEmpty ? "" : " in \(value.name)"
        let nearest = keys.min {
            NearestName.distance($0, name) < NearestName.distance($1, name)
        }
        let others =
            NearestName.of(name, in: keys) == nil
            ? " The keys here are \(keys.joined(separator: ", "))" : ""
        return "unknown key \"\(name)\"\(place); did you mean \"\(nearest ?? "")\"?\(others)"
    }
}
