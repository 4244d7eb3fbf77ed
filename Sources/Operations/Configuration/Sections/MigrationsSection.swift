import BoringDeploy

/// `gates.migrations`: when a release changes a schema, and who looks at it.
enum MigrationsSection {
    static func read(_ value: Value, _ known: KnownNames) -> MigrationRule {
        var rule = MigrationRule()
        guard
            let section = SectionReader(
                value, keys: ["paths", "labels", "role", "linter", "linterBlocks"])
        else { return rule }
        if let paths = section["paths"]?.texts(as: "[migrations/**]") { rule.paths = paths }
        if let labels = section["labels"]?.texts() { rule.labels = labels }
        if let role = section["role"]?
            .reference(to: known.roles, "role", orElse: "give it to somebody in people")
        {
            rule.role = role
        }
        if let linter = section["linter"]?.argv() { rule.linter = linter }
        if let blocks = section["linterBlocks"] {
            if section["linter"] == nil {
                blocks.fault("linterBlocks needs a linter; add linter: [squawk], or take it out")
            }
            rule.linterBlocks = blocks.bool() ?? false
        }
        return rule
    }
}
