import EventSourcing
import LedgerCore

/// `dev.daybook.release.cut`: what exactly is released. Approvals bind to the hash of its entry.
///
/// A release with more changes than an event holds names the first of them; all are in the
/// attachment `changes.json`.
package struct ReleaseCut: EventPayload, Equatable {
    package var version: String
    /// Of the release before; nil for the first.
    package var previous: String?
    package var commit: String
    package var reason: String
    package var changes: [Change]
    /// How many there are in all.
    package var changeCount: Int
    package var artifacts: [Artifact]
    /// Paths that differ from the release before and touch a schema, each with its content's digest;
    /// null for a deleted file.
    package var migrations: [MigrationFile]
    /// Everyone who wrote a change, by every name that git and the forge know them by.
    package var authors: [Identity]
    package var cutter: Identity
    /// Labels of its pull requests.
    package var labels: [String]
    package var attachments: [AttachmentName] = []

    package static let definition = EventDefinition(
        name: "dev.daybook.release.cut",
        summary: "A release is cut: its version, commit, changes, authors and artifacts.")

    package init(
        version: String, previous: String? = nil, commit: String, reason: String = "",
        changes: [Change] = [], changeCount: Int? = nil, artifacts: [Artifact] = [],
        migrations: [MigrationFile] = [], authors: [Identity] = [], cutter: Identity,
        labels: [String] = [], attachments: [AttachmentName] = []
    ) {
        self.version = version
        self.previous = previous
        self.commit = commit
        self.reason = reason
        self.changes = changes
        self.changeCount = changeCount ?? changes.count
        self.artifacts = artifacts
        self.migrations = migrations
        self.authors = authors
        self.cutter = cutter
        self.labels = labels
        self.attachments = attachments
    }

    package init(data: JSONValue) throws(EventError) {
        let data = try PayloadReader(data)
        version = try data.text("version")
        previous = try data.optionalText("previous")
        commit = try data.text("commit")
        reason = try data.text("reason")
        changes = try data.objects("changes").map(Change.init)
        changeCount = try data.integer("changecount")
        artifacts = try data.objects("artifacts").map(Artifact.init)
        migrations = try data.objects("migrations").map(MigrationFile.init)
        authors = try data.objects("authors").map(Identity.init)
        cutter = try Identity(data.object("cutter"))
        labels = try data.texts("labels")
        attachments = try data.objects("attachments").map(AttachmentName.init)
    }

    package var data: JSONValue {
        [
            "version": .string(version), "previous": .optional(previous),
            "commit": .string(commit), "reason": .string(reason),
            "changes": .array(changes.map(\.json)), "changecount": .integer(changeCount),
            "artifacts": .array(artifacts.map(\.json)),
            "migrations": .array(migrations.map(\.json)),
            "authors": .array(authors.map(\.json)), "cutter": cutter.json,
            "labels": .texts(labels), "attachments": .array(attachments.map(\.json)),
        ]
    }
}
