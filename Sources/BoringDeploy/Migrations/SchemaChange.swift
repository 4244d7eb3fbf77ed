/// Whether a change touches a schema, and why: by its labels, and by the paths it changes. A glob
/// that cannot be read is taken to match everything, so that nothing slips past it.
package struct SchemaChange: Sendable, Equatable {
    /// Its labels that say so.
    package let labels: [String]
    /// Its paths that say so, sorted, each once.
    package let paths: [String]

    package init(
        labels: some Sequence<String>, paths: some Sequence<String>, under rule: MigrationRule
    ) {
        let wanted = Set(rule.labels.map { $0.lowercased() })
        let globs = rule.paths.map { try? PathGlob($0) }
        self.labels = labels.filter { wanted.contains($0.lowercased()) }
        self.paths = Set(paths).filter { path in globs.contains { $0?.matches(path) ?? true } }
            .sorted()
    }

    package var isSchemaAffecting: Bool { !labels.isEmpty || !paths.isEmpty }
}
