import EventSourcing
import LedgerCore

/// What is deployed, by its digest.
package struct Artifact: Sendable, Equatable {
    package var name: String
    package var digest: Digest
    /// In bytes.
    package var size: Int

    package init(name: String, digest: Digest, size: Int) {
        self.name = name
        self.digest = digest
        self.size = size
    }

    init(_ data: PayloadReader) throws(EventError) {
        name = try data.text("name")
        digest = try data.digest("sha256")
        size = try data.integer("size")
    }

    var json: JSONValue {
        ["name": .string(name), "sha256": .string(digest.hex), "size": .integer(size)]
    }
}

/// A changed file that touches a schema.
package struct MigrationFile: Sendable, Equatable {
    package var path: String
    /// Of its content at the release's commit; nil for a deleted file.
    package var digest: Digest?

    package init(path: String, digest: Digest?) {
        self.path = path
        self.digest = digest
    }

    init(_ data: PayloadReader) throws(EventError) {
        path = try data.text("path")
        digest = data.has("sha256") ? try data.digest("sha256") : nil
    }

    package var json: JSONValue {
        ["path": .string(path), "sha256": .optional(digest?.hex)]
    }
}

/// How an event names bytes that are kept beside the log (docs/spec/entry.md).
package struct AttachmentName: Sendable, Equatable {
    package var name: String
    package var digest: Digest
    /// In bytes.
    package var size: Int

    package init(_ name: String, _ attachment: Attachment) {
        self.name = name
        digest = attachment.digest
        size = attachment.bytes.count
    }

    package init(_ data: PayloadReader) throws(EventError) {
        name = try data.text("name")
        guard let digest = Digest(reference: try data.text("digest")) else {
            throw EventError("an attachment's digest is sha256: and 64 hexadecimal digits")
        }
        self.digest = digest
        size = try data.integer("size")
    }

    package var json: JSONValue {
        [
            "name": .string(name), "digest": .string(digest.reference), "size": .integer(size),
        ]
    }
}
