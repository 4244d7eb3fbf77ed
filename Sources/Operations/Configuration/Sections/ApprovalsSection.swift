import BoringDeploy

/// `gates.approvals`: how many must approve, and who may.
enum ApprovalsSection {
    static func read(_ value: Value, _ known: KnownNames) -> ApprovalRule? {
        let keys = ["required", "roles", "allowUnsigned", "environments"]
        guard let section = SectionReader(value, keys: keys) else { return nil }
        var rule = rule(section, startingFrom: ApprovalRule(), known)
        for (key, name, value) in section["environments"]?.entries() ?? [] {
            _ = key.reference(
                to: known.environments, "environment", orElse: "add it under environments")
            // What an environment does not say is as for all.
            guard let section = SectionReader(value, keys: Array(keys.dropLast())) else { continue }
            var common = rule
            common.environments = [:]
            rule.environments[name] = Self.rule(section, startingFrom: common, known)
        }
        return rule
    }

    private static func rule(
        _ section: SectionReader, startingFrom rule: ApprovalRule, _ known: KnownNames
    ) -> ApprovalRule {
        var rule = rule
        if let required = section["required"]?.integer(in: 1...100) { rule.required = required }
        if let roles = section["roles"] {
            rule.roles =
                roles.references(to: known.roles, "role", orElse: "give it to somebody in people")
                ?? []
        }
        if let allow = section["allowUnsigned"]?.bool() { rule.allowUnsigned = allow }
        return rule
    }
}
