import EventSourcing
import LedgerCore

/// What a release brings, for the people who get it: breaking changes first, then by category, then
/// migrations, overrides and contributors. Every line cites its commit and its pull request; what
/// nets out within the release is left out.
package struct ReleaseNotes: Sendable {
    /// An override that a release was let through by.
    package struct Override: Sendable, Equatable {
        package var gate: String
        package var by: String
        package var reason: String

        package init(gate: String, by: String, reason: String) {
            self.gate = gate
            self.by = by
            self.reason = reason
        }
    }

    package struct Section: Sendable, Equatable {
        package var category: NoteCategory
        package var changes: [Change]
    }

    package let project: String?
    package let version: String
    package let previous: String?
    package let commit: String
    package let sections: [Section]
    package let migrations: [MigrationFile]
    package let overrides: [Override]
    package let contributors: [String]

    /// - Parameter changes: All of them, where the cut names only the first.
    package init(
        _ cut: ReleaseCut, project: String? = nil, changes: [Change]? = nil,
        overrides: [Override] = [], rules: ReleaseRules = ReleaseRules()
    ) {
        self.project = project
        version = cut.version
        previous = cut.previous
        commit = cut.commit
        migrations = cut.migrations
        self.overrides = overrides
        let kept = (changes ?? cut.changes).filter { !$0.reverted }
        let sorted = Dictionary(grouping: kept) { NoteCategory(of: $0, rules) }
        sections = NoteCategory.allCases.compactMap { category in
            sorted[category].map { Section(category: category, changes: $0) }
        }
        contributors = Self.names(kept.flatMap(\.authors))
    }

    /// The names of the authors, without their addresses, each once and in order.
    private static func names(_ authors: [String]) -> [String] {
        let names = authors.map { author in
            Identity(mailbox: author)?.name ?? author
        }
        return Set(names).sorted()
    }

    package var json: JSONValue {
        [
            "project": .optional(project), "version": .string(version),
            "previous": .optional(previous), "commit": .string(commit),
            "sections": .array(
                sections.map {
                    [
                        "category": .string($0.category.rawValue),
                        "title": .string($0.category.title),
                        "changes": .array($0.changes.map(\.json)),
                    ]
                }),
            "migrations": .array(migrations.map(\.json)),
            "overrides": .array(
                overrides.map {
                    [
                        "gate": .string($0.gate), "by": .string($0.by),
                        "reason": .string($0.reason),
                    ]
                }),
            "contributors": .texts(contributors),
        ]
    }
}

/// Under which heading a change stands, in the order of the headings.
package enum NoteCategory: String, Sendable, CaseIterable {
    case breaking
    case features
    case fixes
    case performance
    case reverts
    case documentation
    case maintenance
    /// Types of a house's own.
    case others
    case unconventional

    package var title: String {
        switch self {
        case .breaking: "Breaking changes"
        case .features: "Features"
        case .fixes: "Fixes"
        case .performance: "Performance"
        case .reverts: "Reverts"
        case .documentation: "Documentation"
        case .maintenance: "Maintenance"
        case .others: "Other changes"
        case .unconventional: "Unconventional commits"
        }
    }

    /// By the type; where that says nothing, by the pull request's labels.
    init(of change: Change, _ rules: ReleaseRules) {
        let labels = Set(change.labels)
        self =
            switch change.type {
            case _ where change.breaking: .breaking
            case "feat": .features
            case "fix": .fixes
            case "perf": .performance
            case "revert": .reverts
            case _ where !labels.isDisjoint(with: rules.minorLabels): .features
            case _ where !labels.isDisjoint(with: rules.patchLabels): .fixes
            case "docs": .documentation
            case "build", "chore", "ci", "refactor", "style", "test": .maintenance
            case nil: .unconventional
            default: .others
            }
    }
}
