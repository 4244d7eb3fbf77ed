import LedgerCore

extension MigrationRehearsed {
    /// Judges what was observed: fills in losses, outcome and reasons.
    ///
    /// - Parameters:
    ///   - failures: What did not run to its end, in words.
    ///   - before: The tables before the migration.
    ///   - afterUp: After it; nil where the schema shows already that it did something.
    ///   - after: After the rollback; nil where that was not reached.
    package mutating func judge(
        failures: [String], before: [TableSnapshot], afterUp: [TableSnapshot]?,
        after: [TableSnapshot]?
    ) {
        var reasons = failures
        if let afterUp, schema.before == schema.afterUp, Self.isSame(before, afterUp) {
            reasons.append(
                "the migration changed nothing in the scratch copy; a command must use "
                    + "DAYBOOK_SCRATCH_URL")
        }
        if let after {
            if !schema.isRestored {
                reasons.append(
                    "the rollback leaves another schema than before; compare the attachments "
                        + "schema-before and schema-after-down")
            }
            let losses = DataLoss.between(before, after)
            self.losses = Array(losses.prefix(Self.mostLosses))
            if let first = losses.first {
                let more = losses.count > 1 ? " (and \(losses.count - 1) more)" : ""
                reasons.append("the rollback loses data: \(first.description)\(more)")
            }
            let all = TableComparison.all(before: before, after: after)
            tableCount = all.count
            tables = Array(all.prefix(Self.mostTables))
            reasons += Self.leftovers(in: all)
        } else if failures.isEmpty {
            reasons.append("the rollback was not run")
        }
        if let linter, linter.blocks, !linter.isClean {
            reasons.append("the linter \(linter.argv.first ?? "") objects: \(linter.end)")
        }
        self.reasons = reasons
        outcome = reasons.isEmpty ? .passed : .failed
    }

    private static func isSame(_ left: [TableSnapshot], _ right: [TableSnapshot]) -> Bool {
        TableComparison.all(before: left, after: right).allSatisfy(\.isSame)
    }

    /// Rows that only the migration brought, and that its rollback left: of tables that were there
    /// empty. Others show as changed.
    private static func leftovers(in all: [TableComparison]) -> [String] {
        all.filter { $0.rowsBefore == 0 && ($0.rowsAfter ?? 0) > 0 }.map {
            "the rollback leaves rows behind in table \($0.name), which was empty"
        }
    }
}
