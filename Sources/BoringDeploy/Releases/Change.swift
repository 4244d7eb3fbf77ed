import EventSourcing
import LedgerCore

/// A commit as a release tells it.
package struct Change: Sendable, Equatable {
    package var commit: String
    /// Nil for an unconventional commit.
    package var type: String?
    package var scope: String?
    package var breaking: Bool
    /// The upgrade text of a breaking change.
    package var upgrade: String?
    package var summary: String
    package var pull: Int?
    package var labels: [String]
    /// As `Name <email>`.
    package var authors: [String]
    /// Whether it nets out within the release: a later commit undid it, or it undid an earlier one.
    package var reverted: Bool

    package init(
        commit: String, type: String? = nil, scope: String? = nil, breaking: Bool = false,
        upgrade: String? = nil, summary: String, pull: Int? = nil, labels: [String] = [],
        authors: [String] = [], reverted: Bool = false
    ) {
        self.commit = commit
        self.type = type
        self.scope = scope
        self.breaking = breaking
        self.upgrade = upgrade
        self.summary = summary
        self.pull = pull
        self.labels = labels
        self.authors = authors
        self.reverted = reverted
    }

    init(_ data: PayloadReader) throws(EventError) {
        commit = try data.text("commit")
        type = try data.optionalText("type")
        scope = try data.optionalText("scope")
        breaking = try data.bool("breaking")
        upgrade = try data.optionalText("upgrade")
        summary = try data.text("summary")
        pull = data.has("pull") ? try data.integer("pull") : nil
        labels = try data.texts("labels")
        authors = try data.texts("authors")
        reverted = try data.bool("reverted")
    }

    package var json: JSONValue {
        [
            "commit": .string(commit), "type": .optional(type), "scope": .optional(scope),
            "breaking": .bool(breaking), "upgrade": .optional(upgrade),
            "summary": .string(summary), "pull": pull.map { .integer($0) } ?? .null,
            "labels": .texts(labels), "authors": .texts(authors), "reverted": .bool(reverted),
        ]
    }

    /// What `changes.json` holds.
    package static func list(_ value: JSONValue) throws(EventError) -> [Change] {
        guard let elements = value.array else { throw EventError("changes.json must be an array") }
        var changes: [Change] = []
        for (index, element) in elements.enumerated() {
            changes.append(try Change(PayloadReader(element, at: "[\(index)]")))
        }
        return changes
    }
}
