import EventSourcing
import LedgerCore

/// A lock on a relation that a migration held, as a second connection saw it.
package struct LockTaken: Sendable, Equatable {
    package enum Phase: String, Sendable { case up, down }

    package var phase: Phase
    /// As PostgreSQL names it: `AccessExclusiveLock`.
    package var mode: String
    package var relation: String
    /// From the first to the last sample that saw it: at least so long, at most a sampling interval
    /// at either end longer.
    package var milliseconds: Int
    /// Whether somebody had to wait for it, the migration itself or another.
    package var isWaitedFor: Bool

    package init(
        phase: Phase, mode: String, relation: String, milliseconds: Int, isWaitedFor: Bool = false
    ) {
        self.phase = phase
        self.mode = mode
        self.relation = relation
        self.milliseconds = milliseconds
        self.isWaitedFor = isWaitedFor
    }

    package init(_ data: PayloadReader) throws(EventError) {
        guard let phase = Phase(rawValue: try data.text("phase")) else {
            throw EventError("a lock's phase is up or down")
        }
        self.phase = phase
        mode = try data.text("mode")
        relation = try data.text("relation")
        milliseconds = try data.integer("milliseconds")
        isWaitedFor = try data.bool("waitedfor")
    }

    package var json: JSONValue {
        [
            "phase": .string(phase.rawValue), "mode": .string(mode), "relation": .string(relation),
            "milliseconds": .integer(milliseconds), "waitedfor": .bool(isWaitedFor),
        ]
    }
}
