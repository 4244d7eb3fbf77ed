import Yams

/// One value of the file: its name in messages, where it stands, and where faults are told.
///
/// Each reading function gives the value as one kind, or tells the fault and gives nil.
struct Value {
    /// The way from the root, as `environments.stage.deploy`.
    let name: String
    let node: Node
    let faults: FaultList

    /// Counted from 1.
    var line: Int { max(1, node.mark?.line ?? 1) }

    func fault(_ sentence: String) { faults.add(line, sentence) }

    func child(_ part: String, _ node: Node) -> Value {
        Value(name: name.isEmpty ? part : "\(name).\(part)", node: node, faults: faults)
    }

    /// The name, or what the root is called.
    var title: String { name.isEmpty ? "the file" : name }

    /// Whether nothing stands where a value should; told, if so.
    func isMissing() -> Bool {
        guard scalar == .null else { return false }
        fault("\(title) is empty; give it a value, or leave the key out")
        return true
    }

    /// Every anchor and every tag is told. An alias's node is the anchor's own, so the walk goes no
    /// further there and stays as long as the file.
    func refusesAnchorsAndTags() -> Bool {
        guard node.anchor == nil else {
            fault(Self.anchorsRefused)
            return true
        }
        let usual = ["str", "map", "seq"].map { "tag:yaml.org,2002:\($0)" }
        guard usual.contains(node.tag.description) else {
            fault("the tag \(node.tag) is not taken; leave it out")
            return true
        }
        var refuses = false
        for (key, value) in node.mapping.map(Array.init) ?? [] {
            if Value(name: "", node: key, faults: faults).refusesAnchorsAndTags() { refuses = true }
            if Value(name: "", node: value, faults: faults).refusesAnchorsAndTags() {
                refuses = true
            }
        }
        for item in node.sequence.map(Array.init) ?? []
        where Value(name: "", node: item, faults: faults).refusesAnchorsAndTags() {
            refuses = true
        }
        return refuses
    }

    static let anchorsRefused =
        "YAML's anchors and aliases (& and *) are not taken; write the value out at each place"
}
