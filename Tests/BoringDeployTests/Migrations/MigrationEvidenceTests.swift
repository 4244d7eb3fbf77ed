import BoringDeploy
import EventSourcing
import LedgerCore
import Testing

@Suite("Evidence for migration files")
struct MigrationEvidenceTests {
    private let seven = Rehearsals.file("m/7.sql", "seven")
    private let eight = Rehearsals.file("m/8.sql", "eight")

    @Test("a rehearsal that passed is evidence for exactly its files")
    func exact() {
        let rehearsed = Rehearsals.of([seven, eight])
        #expect(rehearsed.isEvidence(for: [eight, seven]))
        #expect(rehearsed.mismatches(with: [seven]) == [.notInRelease(path: "m/8.sql")])
        let other = [seven, Rehearsals.file("m/8.sql", "other")]
        #expect(rehearsed.mismatches(with: other) == [.otherContent(path: "m/8.sql")])
        let more = [seven, eight, Rehearsals.file("m/9.sql")]
        #expect(rehearsed.mismatches(with: more) == [.notRehearsed(path: "m/9.sql")])
        #expect(!Rehearsals.of([seven], .failed).isEvidence(for: [seven]))
    }

    @Test("the rollback's own file may be one of the release's, and need not be")
    func rollbackFile() {
        let rehearsed = Rehearsals.of([seven], down: .sql(eight))
        #expect(rehearsed.isEvidence(for: [seven, eight]))
        #expect(rehearsed.isEvidence(for: [seven]))
        let other = [seven, Rehearsals.file("m/8.sql", "other")]
        #expect(rehearsed.mismatches(with: other) == [.otherContent(path: "m/8.sql")])
    }

    @Test("a file that a release deletes is not the same as one with content")
    func deleted() {
        let gone = MigrationFile(path: "m/7.sql", digest: nil)
        #expect(Rehearsals.of([gone]).isEvidence(for: [gone]))
        #expect(
            Rehearsals.of([seven]).mismatches(with: [gone]) == [.otherContent(path: "m/7.sql")])
    }

    @Test("its data reads back as it was")
    func roundTrip() throws {
        var rehearsed = Rehearsals.of([seven], down: .sql(eight), .failed)
        rehearsed.schema = SchemaDigests(before: .zero, afterUp: Rehearsals.digest("up"))
        rehearsed.tableCount = 1
        rehearsed.tables = [TableComparison("t", Rehearsals.table("t"), nil)]
        rehearsed.lockCount = 1
        rehearsed.locks = [
            LockTaken(phase: .down, mode: "ShareLock", relation: "public.t", milliseconds: 12)
        ]
        rehearsed.losses = [DataLoss(table: "t", kind: .dropped, rows: 3)]
        rehearsed.linter = LinterReport(
            argv: ["squawk"], end: "exit code 1", isClean: false, blocks: true)
        rehearsed.durations = RehearsalDurations(copy: 1, up: 2)
        rehearsed.attachments = [AttachmentName("up-output", Attachment([1]))]
        #expect(try MigrationRehearsed(data: rehearsed.data) == rehearsed)
    }

    @Test(
        "data that does not fit is refused",
        arguments: [
            ("engine", "oracle"), ("outcome", "unknown"), ("outcome", "failed"), ("plan", "x"),
            ("files", nil), ("schema", 1), ("up", ["file": ["path": 1]]), ("reasons", ["x"]),
        ] as [(String, JSONValue?)])
    func bad(name: String, value: JSONValue?) {
        var object = Rehearsals.of([seven]).data.object ?? JSONObject()
        object[name] = value
        if name == "files" { object[name] = "x" }
        #expect(throws: EventError.self) { try MigrationRehearsed(data: .object(object)) }
    }
}
