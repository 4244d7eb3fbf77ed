import BoringDeploy

/// `gates`: the rules. A train's `gate` steps say when they are asked.
enum GatesSection {
    static let keys = ["approvals", "migrations", "freezes", "events", "promotedFrom"]

    static func read(_ value: Value?, _ known: inout KnownNames) -> GateRules {
        known.gates = GateRules.withoutRules
        var rules = GateRules()
        guard let value, let section = SectionReader(value, keys: keys) else { return rules }
        known.gates += keys.filter { section[$0] != nil && !known.gates.contains($0) }
        rules.approvals = section["approvals"].flatMap { ApprovalsSection.read($0, known) }
        if let migrations = section["migrations"] {
            rules.migrations = MigrationsSection.read(migrations, known)
        }
        rules.freezes = (section["freezes"]?.items(as: "[{from: DAY, to: DAY}]") ?? []).compactMap {
            FreezesSection.read($0, known)
        }
        rules.events = (section["events"]?.items(as: "[{type: TYPE}]") ?? []).compactMap {
            EventsSection.read($0)
        }
        rules.promotedFrom = section["promotedFrom"].map { promotedFrom($0, known) } ?? [:]
        return rules
    }

    private static func promotedFrom(_ value: Value, _ known: KnownNames) -> [String: String] {
        var origins: [String: String] = [:]
        for (key, _, value) in value.entries() ?? [] {
            func environment(_ value: Value) -> String? {
                value.reference(
                    to: known.environments, "environment", orElse: "add it under environments")
            }
            guard let target = environment(key), let origin = environment(value) else { continue }
            guard target != origin else {
                value.fault("\(target) cannot come from itself; name the environment before it")
                continue
            }
            origins[target] = origin
        }
        return origins
    }
}
