import EventSourcing
import LedgerCore

/// A schema at the three moments of a rehearsal; nil for one that was not reached. The texts
/// themselves are attachments.
package struct SchemaDigests: Sendable, Equatable {
    package var before: Digest?
    package var afterUp: Digest?
    package var afterDown: Digest?

    package init(before: Digest? = nil, afterUp: Digest? = nil, afterDown: Digest? = nil) {
        self.before = before
        self.afterUp = afterUp
        self.afterDown = afterDown
    }

    init(_ data: PayloadReader) throws(EventError) {
        before = data.has("before") ? try data.digest("before") : nil
        afterUp = data.has("afterup") ? try data.digest("afterup") : nil
        afterDown = data.has("afterdown") ? try data.digest("afterdown") : nil
    }

    /// Whether the rollback brought back the schema that was there before.
    package var isRestored: Bool { before != nil && before == afterDown }

    var json: JSONValue {
        [
            "before": .optional(before?.hex), "afterup": .optional(afterUp?.hex),
            "afterdown": .optional(afterDown?.hex), "restored": .bool(isRestored),
        ]
    }
}

/// How long the parts of a rehearsal took, in milliseconds; nil for one that was not reached.
package struct RehearsalDurations: Sendable, Equatable {
    package var copy: Int?
    package var up: Int?
    package var down: Int?

    package init(copy: Int? = nil, up: Int? = nil, down: Int? = nil) {
        self.copy = copy
        self.up = up
        self.down = down
    }

    init(_ data: PayloadReader) throws(EventError) {
        copy = data.has("copyms") ? try data.integer("copyms") : nil
        up = data.has("upms") ? try data.integer("upms") : nil
        down = data.has("downms") ? try data.integer("downms") : nil
    }

    var json: JSONValue {
        [
            "copyms": copy.map { .integer($0) } ?? .null, "upms": up.map { .integer($0) } ?? .null,
            "downms": down.map { .integer($0) } ?? .null,
        ]
    }
}
