import BoringDeploy
import LedgerCore
import Testing

@Suite("What a rehearsal showed")
struct RehearsalJudgementTests {
    private let before = [Rehearsals.table("a", "1", ["x": "1", "y": "2"]), Rehearsals.table("b")]

    private func judged(
        failures: [String] = [], afterUp: [TableSnapshot]? = nil, after: [TableSnapshot]?,
        _ change: (inout MigrationRehearsed) -> Void = { _ in }
    ) -> MigrationRehearsed {
        var rehearsed = Rehearsals.of([])
        let up = Rehearsals.digest("up")
        rehearsed.schema = SchemaDigests(before: .zero, afterUp: up, afterDown: .zero)
        change(&rehearsed)
        rehearsed.judge(failures: failures, before: before, afterUp: afterUp, after: after)
        return rehearsed
    }

    @Test("the same schema and the same tables pass")
    func passed() {
        let rehearsed = judged(after: before)
        #expect(rehearsed.outcome == .passed)
        #expect(rehearsed.tableCount == 2)
    }

    @Test("another schema fails")
    func otherSchema() {
        let rehearsed = judged(after: before) { $0.schema.afterDown = Rehearsals.digest("x") }
        #expect(rehearsed.reasons.count == 1)
        #expect(rehearsed.reasons.first?.contains("another schema") == true)
    }

    @Test(
        "what is lost is named",
        arguments: [
            ([Rehearsals.table("b")], DataLoss(table: "a", kind: .dropped, rows: 3)),
            (
                [Rehearsals.table("a", "9", ["x": "1", "y": "9"]), Rehearsals.table("b")],
                DataLoss(table: "a", column: "y", kind: .changed, rows: 3)
            ),
            (
                [Rehearsals.table("a", "9", ["x": "1"]), Rehearsals.table("b")],
                DataLoss(table: "a", column: "y", kind: .dropped, rows: 3)
            ),
            (
                [Rehearsals.table("a", "9", ["x": "1", "y": "2"]), Rehearsals.table("b")],
                DataLoss(table: "a", kind: .changed, rows: 3)
            ),
        ])
    func losses(after: [TableSnapshot], loss: DataLoss) {
        let rehearsed = judged(after: after)
        #expect(rehearsed.outcome == .failed)
        #expect(rehearsed.losses == [loss])
        #expect(rehearsed.tables.first?.name == "a")
    }

    @Test("empty tables and columns can be lost without harm, rows left behind cannot")
    func empty() {
        let empty = Rehearsals.table("e", rows: 0, "0", ["x": "0"])
        #expect(DataLoss.between([empty], []).isEmpty)
        var rehearsed = Rehearsals.of([])
        rehearsed.schema = SchemaDigests(before: .zero, afterDown: .zero)
        rehearsed.judge(
            failures: [], before: [empty], afterUp: nil, after: [Rehearsals.table("e", "1")])
        #expect(rehearsed.reasons.first?.contains("rows behind in table e") == true)
    }

    @Test("a migration that changes nothing, and a rollback that never ran, fail")
    func nothing() {
        let idle = judged(afterUp: before, after: before) { $0.schema.afterUp = .zero }
        #expect(idle.reasons.first?.contains("changed nothing") == true)
        #expect(judged(after: nil).reasons == ["the rollback was not run"])
        #expect(judged(failures: ["it broke"], after: nil).reasons == ["it broke"])
    }

    @Test("a linter's objection fails only where it blocks", arguments: [true, false])
    func linter(blocks: Bool) {
        let rehearsed = judged(after: before) {
            $0.linter = LinterReport(
                argv: ["squawk"], end: "exit code 1", isClean: false, blocks: blocks)
        }
        #expect((rehearsed.outcome == .failed) == blocks)
    }
}
