import EventSourcing
import LedgerCore

/// `dev.daybook.migration.rehearsed`: a migration and its rollback were run on a scratch copy, and
/// this is what came of it. It is in the stream of its release.
///
/// It names at most `mostTables` tables (those that differ first), and so on; the attachments
/// `tables.json` and `locks.json` have all.
package struct MigrationRehearsed: EventPayload, Equatable {
    package enum Engine: String, Sendable, CaseIterable { case postgres, sqlite }
    package enum Outcome: String, Sendable { case passed, failed }

    package var engine: Engine
    /// As the engine names itself.
    package var engineVersion: String
    /// What ran, with digests: evidence for other files than a release's is no evidence for it.
    package var files: [MigrationFile]
    package var up: MigrationSide
    package var down: MigrationSide
    /// Of the rollback plan; it is the attachment `rollback-plan`.
    package var plan: Digest
    package var schema = SchemaDigests()
    package var tableCount = 0
    package var tables: [TableComparison] = []
    package var lockCount = 0
    package var locks: [LockTaken] = []
    package var losses: [DataLoss] = []
    package var linter: LinterReport?
    package var durations = RehearsalDurations()
    package var outcome = Outcome.failed
    /// Why it failed; none if it passed.
    package var reasons: [String] = []
    package var attachments: [AttachmentName] = []

    package static let mostTables = 100
    package static let mostLocks = 100
    package static let mostLosses = 100

    package static let definition = EventDefinition(
        name: "dev.daybook.migration.rehearsed",
        summary: "A migration and its rollback were run on a scratch copy.")

    package init(
        engine: Engine, engineVersion: String = "", files: [MigrationFile], up: MigrationSide,
        down: MigrationSide, plan: Digest
    ) {
        self.engine = engine
        self.engineVersion = engineVersion
        self.files = files
        self.up = up
        self.down = down
        self.plan = plan
    }

    package init(data: JSONValue) throws(EventError) {
        let data = try PayloadReader(data)
        guard let engine = Engine(rawValue: try data.text("engine")) else {
            throw EventError("data.engine is postgres or sqlite")
        }
        guard let outcome = Outcome(rawValue: try data.text("outcome")) else {
            throw EventError("data.outcome is passed or failed")
        }
        self.engine = engine
        self.outcome = outcome
        engineVersion = try data.text("engineversion")
        files = try data.objects("files").map(MigrationFile.init)
        up = try MigrationSide(data.object("up"))
        down = try MigrationSide(data.object("down"))
        plan = try data.digest("plan")
        schema = try SchemaDigests(data.object("schema"))
        tableCount = try data.integer("tablecount")
        tables = try data.objects("tables").map(TableComparison.init)
        lockCount = try data.integer("lockcount")
        locks = try data.objects("locks").map(LockTaken.init)
        losses = try data.objects("losses").map(DataLoss.init)
        linter = data.has("linter") ? try LinterReport(data.object("linter")) : nil
        durations = try RehearsalDurations(data.object("durations"))
        reasons = try data.texts("reasons")
        attachments = try data.objects("attachments").map(AttachmentName.init)
        guard (outcome == .passed) == reasons.isEmpty else {
            throw EventError("a rehearsal that failed has reasons, one that passed has none")
        }
    }

    package var data: JSONValue {
        [
            "engine": .string(engine.rawValue), "engineversion": .string(engineVersion),
            "files": .array(files.map(\.json)), "up": up.json, "down": down.json,
            "plan": .string(plan.hex), "schema": schema.json,
            "tablecount": .integer(tableCount), "tables": .array(tables.map(\.json)),
            "lockcount": .integer(lockCount), "locks": .array(locks.map(\.json)),
            "losses": .array(losses.map(\.json)), "linter": linter?.json ?? .null,
            "durations": durations.json, "outcome": .string(outcome.rawValue),
            "reasons": .texts(reasons), "attachments": .array(attachments.map(\.json)),
        ]
    }
}
