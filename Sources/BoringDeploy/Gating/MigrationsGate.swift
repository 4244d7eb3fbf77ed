/// A release that changes a schema has been looked at by the named role, and its migrations were
/// really executed, up and down, on a copy, with the plan of the rollback beside them.
package struct MigrationsGate: Gate {
    package static let name = "migrations"

    package init() {}

    package func evaluate(_ question: GateQuestion) -> Verdict {
        let rule = question.configuration.gates.migrations
        guard let cut = question.history.cut,
            SchemaChange(
                labels: cut.payload.labels, paths: cut.payload.migrations.map(\.path), under: rule
            ).isSchemaAffecting || !cut.payload.migrations.isEmpty
        else { return .pass }
        let approvals = ApprovalsGate.verdict(
            by: ApprovalRule(required: 1, roles: [rule.role]), for: Self.name, question)
        return .all([approvals, rehearsed(cut.payload, question)])
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
