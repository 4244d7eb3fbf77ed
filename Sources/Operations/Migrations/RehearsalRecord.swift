import BoringDeploy
import EventSourcing
import LedgerCore

/// What a rehearsal has seen so far.
struct RehearsalRecord {
    var event: MigrationRehearsed
    var attachments: [Attachment] = []
    var failures: [String] = []
    var locks: [LockTaken] = []
    var before: [TableSnapshot] = []
    var afterUp: [TableSnapshot]?
    var after: [TableSnapshot]?

    init(_ plan: MigrationRehearsal.Plan, _ engine: MigrationRehearsed.Engine) {
        let rollbackPlan = Attachment(plan.rollbackPlan)
        event = MigrationRehearsed(
            engine: engine, files: plan.files, up: plan.up.side, down: plan.down.side,
            plan: rollbackPlan.digest)
        keep("rollback-plan", rollbackPlan)
        for (name, step) in [("up.sql", plan.up), ("down.sql", plan.down)] {
            if case .sql(_, let bytes) = step { keep(name, Attachment(bytes)) }
        }
    }

    mutating func keep(_ name: String, _ attachment: Attachment) {
        event.attachments.append(AttachmentName(name, attachment))
        if !attachments.contains(where: { $0.digest == attachment.digest }) {
            attachments.append(attachment)
        }
    }

    /// Keeps what a tool wrote.
    mutating func keep(_ name: String, _ outcome: CommandOutcome) {
        keep("\(name)-output", Attachment(outcome.output))
        keep("\(name)-errors", Attachment(outcome.errors))
    }

    func finished() -> MigrationRehearsal.Result {
        var record = self
        record.event.lockCount = locks.count
        // The longest first: what does not fit into an event are the shortest.
        let longest = locks.sorted { $0.milliseconds > $1.milliseconds }
        record.event.locks = Array(longest.prefix(MigrationRehearsed.mostLocks))
        record.event.judge(failures: failures, before: before, afterUp: afterUp, after: after)
        let moments: [(String, [TableSnapshot]?)] = [
            ("tables-before.json", before), ("tables-after-down.json", after),
        ]
        for case (let name, let tables?) in moments {
            record.keep(name, Self.lines(tables.map(\.json)))
        }
        record.keep("locks.json", Self.lines(locks.map(\.json)))
        return MigrationRehearsal.Result(event: record.event, attachments: record.attachments)
    }

    /// JSON Lines.
    private static func lines(_ values: [JSONValue]) -> Attachment {
        Attachment(values.flatMap { CanonicalJSONWriter.bytes(of: $0) + [UInt8(ascii: "\n")] })
    }
}
