import BoringDeploy

/// One step: a name alone, or a name with what it needs.
struct StepReader {
    /// Each step's name, with an example of it.
    static let examples: [(name: String, example: String)] = [
        ("cut", "cut"), ("gate", "gate: [approvals]"), ("deploy", "deploy: stage"),
        ("canary", "canary: stage"), ("soak", "soak: {environment: stage, for: 30m}"),
        ("verify", "verify: {environment: stage, smoke: [./ops/smoke], junit: smoke.xml}"),
        ("promote", "promote: prod"), ("bundle", "bundle"),
    ]

    let value: Value
    let known: KnownNames

    func step() -> TrainStep? {
        guard let mapping = value.node.mapping else { return loneStep() }
        guard mapping.count == 1 else {
            value.fault("a step is one key; start each with - of its own")
            return nil
        }
        let names = Self.examples.map(\.name)
        guard let section = SectionReader(value, keys: names),
            let name = names.first(where: { section[$0] != nil }), let body = section[name]
        else { return nil }
        switch name {
        case "gate":
            return body.references(
                to: GateRules.names, "gate",
                orElse: "take one of \(GateRules.names.joined(separator: ", "))", atLeast: 1
            ).map {
                .gate(configured($0, body))
            }
        case "deploy":
            return target(body).map { .deploy(environment: $0, services: $1) }
        case "promote":
            return target(body).map { .promote(environment: $0, services: $1) }
        case "canary": return canary(body).map { .canary($0) }
        case "soak": return soak(body).map { .soak($0) }
        case "verify": return verify(body).map { .verify($0) }
        default:
            body.fault("\(name) takes nothing; write - \(name)")
            return nil
        }
    }

    private func loneStep() -> TrainStep? {
        guard let name = value.text() else { return nil }
        switch name {
        case "cut": return .cut
        case "bundle": return .bundle
        default: break
        }
        if let example = Self.examples.first(where: { $0.name == name })?.example {
            value.fault("\(name) needs more; write it as - \(example)")
        } else {
            _ = value.reference(
                to: Self.examples.map(\.name), "step",
                orElse: "take one of cut, gate, deploy, canary, soak, verify, promote, bundle")
        }
        return nil
    }

    /// A gate without rules would let everything pass.
    private func configured(_ gates: [String], _ body: Value) -> [String] {
        for gate in gates where !known.gates.contains(gate) {
            body.fault("the gate \(gate) has no rules; add \(gate): under gates")
        }
        return gates
    }

    func environment(_ value: Value?) -> String? {
        value?.reference(to: known.environments, "environment", orElse: "add it under environments")
    }
}
