/// What a proposed change still needs because it touches a schema: a pure decision.
package enum ProposalCheck {
    package struct Reason: Sendable, Equatable {
        /// The file it is about; nil for the change as a whole.
        package var path: String?
        package var reason: String
        /// The command that supplies what is missing.
        package var remedy: String

        package init(path: String? = nil, reason: String, remedy: String) {
            self.path = path
            self.reason = reason
            self.remedy = remedy
        }
    }

    /// - Parameters:
    ///   - files: The change's migration files, as they are at its head.
    ///   - rehearsals: Every recorded one, oldest first.
    /// - Returns: Nothing where nothing is missing.
    package static func missing(
        for proposal: ProposedChange, _ change: SchemaChange, files: [MigrationFile],
        rehearsals: [MigrationRehearsed], under rule: MigrationRule
    ) -> [Reason] {
        guard change.isSchemaAffecting else { return [] }
        var reasons: [Reason] = []
        if change.labels.isEmpty, let label = rule.labels.first {
            reasons.append(
                Reason(
                    path: change.paths.first,
                    reason: "this changes a schema, but the change has no label \(label)",
                    remedy: proposal.remedy(label: label)))
        }
        guard !files.isEmpty else {
            let label = change.labels.joined(separator: ", ")
            reasons.append(
                Reason(
                    reason: "the label \(label) says that this changes a schema, but no changed "
                        + "path is a migration",
                    remedy: "add the migrations' folder to gates.migrations.paths in daybook.yaml, "
                        + "or take the label away"))
            return reasons
        }
        guard !rehearsals.contains(where: { $0.isEvidence(for: files) }) else { return reasons }
        let remedy = dryRun(files)
        return reasons
            + why(files, rehearsals).map { Reason(path: $0, reason: $1, remedy: remedy) }
    }

    /// The newest rehearsal of these files failed, or none ran them as they are.
    private static func why(
        _ files: [MigrationFile], _ rehearsals: [MigrationRehearsed]
    ) -> [(String, String)] {
        if let failed = rehearsals.last(where: { $0.mismatches(with: files).isEmpty }) {
            let reasons = failed.reasons.joined(separator: "; ")
            return files.prefix(1).map { ($0.path, "its dry run failed: \(reasons)") }
        }
        let paths = Set(files.map(\.path))
        let nearest = rehearsals.last { !paths.isDisjoint(with: $0.files.map(\.path)) }
        guard let nearest else {
            return files.map { ($0.path, "no dry run of \($0.path) is recorded") }
        }
        return nearest.mismatches(with: files).map { ($0.path, $0.description) }
    }

    private static func dryRun(_ files: [MigrationFile]) -> String {
        "daybook migration dry-run --release <release> --engine <postgres or sqlite> --database "
            + "<database> --up <migration> --down <rollback> --plan <file> "
            + files.map { "--file \($0.path)" }.joined(separator: " ")
    }
}
