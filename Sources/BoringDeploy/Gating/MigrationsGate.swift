/// A release that changes a schema has been looked at by the named role, and its migrations were
/// really executed, up and down, on a copy, with the plan of the rollback beside them.
package struct MigrationsGate: Gate {
    package static let name = "migrations"

    package init() {}

    package func evaluate(_ question: GateQuestion) -> Verdict {
        guard let cut = Self.schemaChange(question) else { return .pass }
        let approvals = ApprovalsGate.verdict(by: Self.rule(question), for: Self.name, question)
        return .all([approvals, rehearsed(cut, question)])
    }

    package func ground(_ question: GateQuestion) -> String {
        guard Self.schemaChange(question) != nil else { return "no schema is changed" }
        let approvers = ApprovalsGate.tally(by: Self.rule(question), question).counted
        let rehearsal = question.history.all(MigrationRehearsed.self).last?.fact.position
        return "approved by \(approvers.joined(separator: ", "))"
            + (rehearsal.map { ", tried out in entry \($0)" } ?? "")
    }

    private static func rule(_ question: GateQuestion) -> ApprovalRule {
        ApprovalRule(required: 1, roles: [question.configuration.gates.migrations.role])
    }

    /// The cut, if it changes a schema.
    private static func schemaChange(_ question: GateQuestion) -> ReleaseCut? {
        guard let cut = question.history.cut?.payload else { return nil }
        let change = SchemaChange(
            labels: cut.labels, paths: cut.migrations.map(\.path),
            under: question.configuration.gates.migrations)
        return change.isSchemaAffecting || !cut.migrations.isEmpty ? cut : nil
    }

    /// The newest rehearsal must be of exactly these files, and have passed.
    private func rehearsed(_ cut: ReleaseCut, _ question: GateQuestion) -> Verdict {
        let remedy =
            "daybook migration dry-run --release \(question.release) --up UP --down DOWN --plan FILE"
        guard let last = question.history.all(MigrationRehearsed.self).last?.payload else {
            return .inconclusive([
                GateReason(
                    Self.name, "it changes a schema, and its migrations were never tried out",
                    remedy: remedy)
            ])
        }
        var faults = last.outcome == .passed ? [] : last.reasons
        // A label alone names no files to compare.
        if !cut.migrations.isEmpty {
            faults += last.mismatches(with: cut.migrations).map(\.description)
        }
        guard !faults.isEmpty else { return .pass }
        return .refuse([
            GateReason(
                Self.name, "the newest dry run is no evidence: \(faults.joined(separator: "; "))",
                remedy: remedy)
        ])
    }
}
