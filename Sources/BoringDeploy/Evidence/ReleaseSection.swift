import EventSourcing
import LedgerCore

/// One release in the page: what was released, who approved it, what was measured.
struct ReleaseSection {
    private let release: ReleaseEvidence
    private let isAlone: Bool

    init(_ release: ReleaseEvidence, isAlone: Bool) {
        self.release = release
        self.isAlone = isAlone
    }

    var html: String {
        let heading = isAlone ? "" : "<h1>\(Markup.escaped(release.name))</h1>"
        return heading + facts + changes + duties + approvals + gates + migrations + canaries
            + verifications + deployments + overrides + timeline
    }

    private var facts: String {
        let cut = release.cut?.payload
        let authors = (cut?.authors ?? []).map(\.shown)
        let facts = [
            ("Outcome", release.outcome), ("Version", cut?.version ?? "not cut"),
            ("Commit", cut.map { String($0.commit.prefix(12)) } ?? "none"),
            ("Authors", authors.isEmpty ? "none named" : authors.joined(separator: ", ")),
            (
                "Approved by",
                release.standing.isEmpty
                    ? "nobody" : release.standing.map(\.person).joined(separator: ", ")
            ),
            ("Promoted to", promoted), ("Overrides", "\(release.overrides.count)"),
            ("Rollbacks", "\(release.rollbacks.count)"),
        ]
        let items = facts.map {
            "<div><dt>\($0.0)</dt><dd>\(Markup.escaped($0.1))</dd></div>"
        }
        return "<dl class=\"facts\">\(items.joined())</dl>\n"
    }

    private var promoted: String {
        let environments = release.promotions.map(\.payload.environment)
        return environments.isEmpty ? "nowhere" : environments.joined(separator: ", ")
    }

    private var changes: String {
        let cut = release.cut?.payload
        let rows = (cut?.changes ?? []).map { change in
            [change.summary, change.authors.joined(separator: ", "), change.commit]
        }
        let count = cut?.changeCount ?? 0
        return HTMLTable(["Change", "Authors", "Commit"], rows).html(
            titled: "What was released: \(count) change\(count == 1 ? "" : "s")",
            none: "The release names no changes.")
    }

    /// Approvers against authors.
    private var duties: String {
        let authors = release.cut?.payload.authors ?? []
        let rows = release.standing.map { approval in
            [approval.person] + authors.map { _ in "approvals gate passed" }
        }
        guard !rows.isEmpty, !authors.isEmpty else { return "" }
        let isGated = release.gates.contains { _, gate in
            gate.outcome == .passed
                && (gate.details["gates"]?.array ?? []).contains(.string("approvals"))
        }
        let shown = isGated ? rows : rows.map { row in [row[0]] + authors.map { _ in "not asked" } }
        return HTMLTable(["Approver"] + authors.map(\.shown), shown).html(
            titled: "Separation of duties: approvers against authors")
    }

    private var approvals: String {
        let rows = release.approvals.map { approval in
            [
                approval.person, approval.fact.recordedTime.description,
                approval.isSigned ? "yes" : "NO",
                approval.isRevoked ? "revoked" : approval.isCurrent ? "in force" : "stale",
                "\(approval.fact.position)",
            ]
        }
        return HTMLTable(["Person", "Time", "Signed", "State", "Position"], rows).html(
            titled: "Approvals", none: "Nobody has approved this release.")
    }

    private var gates: String {
        let rows = release.gates.map { fact, gate in
            [
                gate.key.name, gate.outcome.rawValue, gate.reason, fact.recordedTime.description,
                "\(fact.position)",
            ]
        }
        return HTMLTable(["Step", "Verdict", "Reason", "Time", "Position"], rows).html(
            titled: "Gates", none: "No gate was asked.")
    }

    private var migrations: String {
        let rows = release.rehearsals.map { fact, rehearsed in
            [
                rehearsed.files.map(\.path).joined(separator: ", "),
                "\(rehearsed.engine.rawValue) \(rehearsed.engineVersion)",
                rehearsed.outcome.rawValue, rehearsed.reasons.joined(separator: "; "),
                "\(fact.position)",
            ]
        }
        return HTMLTable(["Files", "Database", "Dry run", "Reasons", "Position"], rows).html(
            titled: "Migrations, run and rolled back on a scratch copy")
    }

    private var canaries: String {
        let rows = release.canaries.map { fact, verdict in
            [
                verdict.key.name, verdict.decision.rawValue, verdict.reason, "\(verdict.look + 1)",
                "\(fact.position)",
            ]
        }
        let table = HTMLTable(["Step", "Verdict", "Reason", "Looks", "Position"], rows).html(
            titled: "Canaries")
        return table + (rows.isEmpty ? "" : CanaryReport(release.history)?.sections ?? "")
    }

    private var verifications: String {
        let done =
            release.verifications.map {
                ($0.fact, $0.payload.key, $0.payload.outcome, $0.payload.reason)
            }
            + release.soaks.map { ($0.fact, $0.payload.key, $0.payload.outcome, $0.payload.reason) }
        let rows = done.sorted { $0.0.position < $1.0.position }.map { fact, key, outcome, reason in
            [key.name, outcome.rawValue, reason, fact.recordedTime.description, "\(fact.position)"]
        }
        return HTMLTable(["Step", "Outcome", "What was seen", "Time", "Position"], rows).html(
            titled: "Verification", none: "Nothing was verified after deploying.")
    }

    private var deployments: String {
        let done =
            release.deployments.map {
                ("deploy", $0.fact, $0.payload.environment, $0.payload.outcome)
            }
            + release.rollbacks.map {
                ("roll back", $0.fact, $0.payload.environment, $0.payload.outcome)
            }
        let rows = done.sorted { $0.1.position < $1.1.position }.map {
            deed, fact, environment, outcome in
            [
                deed, environment ?? "", outcome.rawValue, fact.recordedTime.description,
                "\(fact.position)",
            ]
        }
        return HTMLTable(["Deed", "Environment", "Outcome", "Time", "Position"], rows).html(
            titled: "Deployments and rollbacks", none: "Nothing was deployed.")
    }

    private var overrides: String {
        let rows = release.overrides.map { fact, granted in
            [
                granted.gate, granted.person, granted.reason, granted.expires.description,
                "\(fact.position)",
            ]
        }
        return HTMLTable(["Gate", "By", "Reason", "Until", "Position"], rows).html(
            titled: "Overrides", none: "No gate was set aside.")
    }

    private var timeline: String {
        let rows = release.history.facts.map { fact in
            [
                fact.recordedTime.description, fact.type, fact.actor ?? "",
                fact.data.object?["reason"]?.string ?? fact.data.object?["name"]?.string ?? "",
                "\(fact.position)", String(fact.hash.hex.prefix(16)),
            ]
        }
        return HTMLTable(["Time", "Event", "Actor", "About", "Position", "Hash"], rows).html(
            titled: "Timeline: all \(rows.count) events of this release")
    }
}
