import EventSourcing
import LedgerCore

/// What was asked and measured before, and after, the release went live.
extension ReleaseSection {
    var gates: String {
        let rows = release.gates.map { fact, gate -> [Cell] in
            let isSetAside = gate.outcome == .passed && !gate.overridden.isEmpty
            return [
                .text(gate.gates.isEmpty ? gate.key.name : gate.gates.joined(separator: ", ")),
                isSetAside
                    ? .mark("passed, \(gate.overridden.joined(separator: ", ")) set aside", .open)
                    : .outcome(gate.outcome),
                .text(release.reason(of: (fact, gate))), .text(gate.environment ?? "–"),
                .time(fact.recordedTime), .entry(fact.position),
            ]
        }
        return HTMLTable(
            ["Gates", "Verdict", "Reason", "Before", "Time (UTC)", "Entry"], rows
        ).html(
            titled: "Gates",
            about:
                "A gate is a rule that stops a release until it is met. A refusal is evidence as well."
                + configurations,
            none: "No gate was asked.")
    }

    /// Whether the rules were the same all along.
    private var configurations: String {
        let kept = release.history.ofNewestCut.configurations
        guard kept.count > 1 else { return "" }
        let names = kept.map {
            "sha256 \($0.file.digest.hex.prefix(16))… in entry \($0.fact.position)"
        }
        return " THE CONFIGURATION CHANGED DURING THE RIDE: daybook.yaml was "
            + "\(names.joined(separator: ", then ")); both are attachments."
    }

    var migrations: String {
        let rows = release.rehearsals.map { fact, rehearsed -> [Cell] in
            let time = rehearsed.durations.up.map { " in \($0) ms" } ?? ""
            return [
                .text(rehearsed.files.map(\.path).joined(separator: ", ")),
                .text("\(rehearsed.engine.rawValue) \(rehearsed.engineVersion)"),
                .mark(rehearsed.outcome.rawValue, rehearsed.outcome == .passed ? .good : .bad),
                .text(
                    rehearsed.reasons.isEmpty
                        ? "ran\(time), and was rolled back to the same schema and data"
                        : rehearsed.reasons.joined(separator: "; ")),
                .number(rehearsed.tableCount), .number(rehearsed.lockCount),
                .number(rehearsed.losses.count), .entry(fact.position),
            ]
        }
        let changed = release.cut?.payload.migrations ?? []
        return HTMLTable(
            [
                "Files", "Database", "Dry run", "What was seen", "Tables compared", "Locks",
                "Losses", "Entry",
            ], rows
        ).html(
            titled: "Migrations",
            about: "Run and rolled back on a scratch copy of the database before the release.",
            none: changed.isEmpty
                ? "The release changes no database schema."
                : "The release changes a schema (\(changed.map(\.path).joined(separator: ", "))), and no "
                    + "dry run was recorded.")
    }

    var canaries: String {
        let rows = release.canaries.map { fact, verdict -> [Cell] in
            let mark: Cell.Mark =
                switch verdict.decision {
                case .pass: .good
                case .rollback: .bad
                case .goOn, .hold: .open
                }
            return [
                .text(verdict.key.name), .mark(verdict.decision.rawValue, mark),
                .text(verdict.reason), .number(verdict.look + 1), .entry(fact.position),
            ]
        }
        guard !rows.isEmpty else { return "" }
        let charts = CanaryReport.all(release.history).map { report in
            "<h3>\(Markup.escaped(report.step))</h3>\(report.sections(heading: "h4"))"
        }
        return
            "<section id=\"canaries\"><h2>Canaries</h2><p class=\"about\">The new version got a part of the "
            + "real traffic, and both versions were measured. Every verdict can be computed again from the "
            + "attachments: <code>daybook canary replay</code>.</p>"
            + HTMLTable(["Step", "Verdict", "Reason", "Looks", "Entry"], rows).table
            + charts.joined() + "</section>\n"
    }

    var verifications: String {
        let done =
            release.verifications.map {
                ($0.fact, $0.payload.key, $0.payload.outcome, $0.payload.reason)
            }
            + release.soaks.map { ($0.fact, $0.payload.key, $0.payload.outcome, $0.payload.reason) }
        let rows = done.sorted { $0.0.position < $1.0.position }.map {
            fact, key, outcome, reason -> [Cell] in
            [
                .text(key.name), .outcome(outcome), .text(reason), .time(fact.recordedTime),
                .entry(fact.position),
            ]
        }
        return HTMLTable(["Step", "Outcome", "What was seen", "Time (UTC)", "Entry"], rows).html(
            titled: "Verification", none: "Nothing was verified after deploying.")
    }
}
