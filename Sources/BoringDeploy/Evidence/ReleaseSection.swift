import EventSourcing
import LedgerCore

/// One release in the page, in the order in which an auditor asks: what was released, who approved
/// it, what was measured, what happened.
struct ReleaseSection {
    let release: ReleaseEvidence
    private let isAlone: Bool

    typealias Cell = HTMLTable.Cell

    init(_ release: ReleaseEvidence, isAlone: Bool) {
        self.release = release
        self.isAlone = isAlone
    }

    var html: String {
        let sections =
            facts + changes + artifacts + duties + approvals + gates + overrides + migrations
            + canaries + verifications + deployments + surroundings + timeline
        guard !isAlone else { return sections }
        // Anchors are the release's own, for the page has several.
        return """
            <details class="release" id="\(anchor)"><summary><h2>\(Markup.escaped(release.name))</h2>
            <span>\(Markup.escaped(release.outcome))</span></summary>
            \(sections.replacing("<section id=\"", with: "<section id=\"\(anchor)-"))</details>

            """
    }

    /// Of the release in a page with several.
    var anchor: String { Self.anchor(of: release.history.stream) }

    static func anchor(of stream: StreamName) -> String {
        "stream-" + SHA256.hash(Array(stream.text.utf8)).hex.prefix(16)
    }

    private var facts: String {
        let cut = release.cut?.payload
        let authors = (cut?.authors ?? []).map { $0.name ?? $0.login ?? $0.shown }
        let approvers = release.standing.map(\.person)
        let facts: [(name: String, value: String)] = [
            ("Outcome", release.outcome), ("Version", cut?.version ?? "not cut"),
            ("Commit", cut.map { String($0.commit.prefix(12)) } ?? "none"),
            ("Written by", authors.isEmpty ? "nobody named" : authors.joined(separator: ", ")),
            ("Approved by", approvers.isEmpty ? "nobody" : approvers.joined(separator: ", ")),
            ("Promoted to", promoted),
            ("Gates set aside", "\(max(release.overrides.count, release.overriddenGates.count))"),
            ("Rollbacks", "\(release.rollbacks.count)"),
        ]
        let items = facts.map {
            "<div><dt>\($0.name)</dt><dd>\(Markup.escaped($0.value))</dd></div>"
        }
        var html = "<dl class=\"facts\">\(items.joined())</dl>\n"
        let unreadable = release.unreadable.map { "\($0.type) (entry \($0.position))" }
        if !unreadable.isEmpty {
            html +=
                "<p class=\"bad\">Events that look like Daybook's own and cannot be read as such: "
                + "\(Markup.escaped(unreadable.joined(separator: ", "))). They count for nothing here; ask what "
                + "they are.</p>\n"
        }
        return html
    }

    private var promoted: String {
        let promotions = release.history.ofNewestCut.all(ReleasePromoted.self)
        guard let last = promotions.last else { return "nowhere" }
        let environments = Set(promotions.map(\.payload.environment)).sorted()
        return "\(environments.joined(separator: ", ")), \(last.fact.recordedTime.inWords)"
    }

    // MARK: What was released

    private var changes: String {
        guard let cut = release.cut?.payload else {
            return HTMLTable([], []).html(
                titled: "What was released", none: "The release was never cut.")
        }
        let rows = cut.changes.map { change -> [Cell] in
            [
                .text(change.type ?? "–"), .text(noted(change)),
                .text(change.authors.joined(separator: ", ")),
                .text(change.pull.map { "#\($0)" } ?? "–"),
                .code(String(change.commit.prefix(12))),
            ]
        }
        let count = cut.changeCount
        var about = cut.previous.map { "Since release \($0). " } ?? "The first release. "
        about += cut.reason
        if count > cut.changes.count {
            about +=
                " The first \(cut.changes.count) are shown; the attachment changes.json has all."
        }
        return HTMLTable(["Kind", "Change", "Authors", "Pull request", "Commit"], rows).html(
            titled: "What was released: \(count) change\(count == 1 ? "" : "s")", about: about,
            none: "The release names no changes. \(cut.reason)")
    }

    private func noted(_ change: Change) -> String {
        var text = change.scope.map { "\($0): \(change.summary)" } ?? change.summary
        if change.breaking { text += " (breaking\(change.upgrade.map { ": \($0)" } ?? ""))" }
        if change.reverted { text += " (undone within the release)" }
        return text
    }

    private var artifacts: String {
        let rows = (release.cut?.payload.artifacts ?? []).map { artifact -> [Cell] in
            [.text(artifact.name), .code(artifact.digest.hex), .number(artifact.size)]
        }
        return HTMLTable(["Artifact", "SHA-256", "Bytes"], rows).html(
            titled: "Artifacts", none: "The release names no artifacts by their digests.")
    }

    // MARK: What happened

    private var deployments: String {
        let done =
            release.deployments.map {
                ("deploy", $0.fact, $0.payload.environment, $0.payload.outcome, $0.payload.reason)
            }
            + release.rollbacks.map {
                (
                    "roll back", $0.fact, $0.payload.environment, $0.payload.outcome,
                    $0.payload.reason
                )
            }
        let rows = done.sorted { $0.1.position < $1.1.position }.map {
            deed, fact, environment, outcome, reason -> [Cell] in
            [
                .text(deed), .text(environment ?? "–"), .outcome(outcome), .text(reason),
                .time(fact.recordedTime), .entry(fact.position),
            ]
        }
        return HTMLTable(
            ["Deed", "Environment", "Outcome", "What was seen", "Time (UTC)", "Entry"], rows
        ).html(titled: "Deployments and rollbacks", none: "Nothing was deployed.")
    }

    private var surroundings: String {
        let rows = release.surroundings.map { fact -> [Cell] in
            [
                .time(fact.recordedTime), .text(fact.type.unprefixed), .text(fact.about),
                .text(fact.actor ?? "–"), .entry(fact.position),
            ]
        }
        var table = HTMLTable(["Time (UTC)", "Event", "About", "Actor", "Entry"], rows)
        // What bears on two releases stands twice in the page, and can be led to once only.
        if isAlone { table.events = release.surroundings.map(\.position) }
        return table.html(
            titled: "Around the release",
            about:
                "Who held its environments, alerts while it rode, and the objectives in force: chosen "
                + "from other streams, and not claimed to be complete.")
    }

    private var timeline: String {
        let rows = release.history.facts.map { fact -> [Cell] in
            [
                .time(fact.recordedTime), .text(fact.type.unprefixed), .text(fact.about),
                .text(fact.actor ?? "–"), .entry(fact.position), .hash(fact.hash),
            ]
        }
        var table = HTMLTable(["Time (UTC)", "Event", "About", "Actor", "Entry", "Hash"], rows)
        table.events = release.history.facts.map(\.position)
        return table.html(
            titled: "Timeline: all \(rows.count) events of this release",
            none: "Nothing was recorded of it.")
    }
}

extension StreamHistory.Fact {
    /// What it is about, in a few words.
    fileprivate var about: String {
        let object = data.object
        func text(_ name: String) -> String? { object?[name]?.string }
        let what = [text("name") ?? text("person") ?? text("environment"), text("release")]
        let how = [text("decision") ?? text("outcome") ?? text("effect"), text("reason")]
        return [what, how].map { $0.compactMap(\.self).joined(separator: ": ") }
            .filter { !$0.isEmpty }.joined(separator: ", ")
    }
}

extension String {
    /// A type of ours without what all of ours begin with.
    package var unprefixed: String {
        let prefix = "dev.daybook."
        return hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
    }
}
