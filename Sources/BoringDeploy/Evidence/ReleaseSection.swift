import EventSourcing
import LedgerCore

/// One release in the page, in the order in which an auditor asks: what was released, who approved
/// it, what was measured, what happened.
struct ReleaseSection {
    let release: ReleaseEvidence
    let isAlone: Bool

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
        let facts: [(name: String, value: String)] = [
            ("Outcome", Markup.escaped(release.outcome)),
            ("Version", Markup.escaped(cut?.version ?? "not cut")),
            ("Commit", Markup.escaped(cut.map { String($0.commit.prefix(12)) } ?? "none")),
            ("Written by", authors), ("Approved by", Markup.escaped(release.approvedBy)),
            ("Promoted to", Markup.escaped(promoted)),
            ("Gates set aside", "\(max(release.overrides.count, release.overriddenGates.count))"),
            ("Rollbacks", "\(release.rollbacks.count)"),
        ]
        let items = facts.map { "<div><dt>\($0.name)</dt><dd>\($0.value)</dd></div>" }
        // In a page with several, the release as a whole has the name.
        let id = isAlone ? " id=\"\(anchor)\"" : ""
        var html = "<dl class=\"facts\"\(id)>\(items.joined())</dl>\n" + older
        let unreadable = release.unreadable.map { "\($0.type) (entry \($0.position))" }
        if !unreadable.isEmpty {
            html +=
                "<p class=\"bad\">Events that look like Daybook's own and cannot be read as such: "
                + "\(Markup.escaped(unreadable.joined(separator: ", "))). They count for nothing here; ask what "
                + "they are.</p>\n"
        }
        return html
    }

    /// A few of them by name; all stand in the table of duties.
    private var authors: String {
        let names = (release.cut?.payload.authors ?? []).map { $0.name ?? $0.login ?? $0.shown }
        guard !names.isEmpty else { return "nobody named" }
        let most = 3
        let shown = names.prefix(names.count > most + 1 ? most : most + 1)
        let text = Markup.escaped(shown.joined(separator: ", "))
        guard names.count > shown.count else { return text }
        let place = (isAlone ? "" : anchor + "-") + "separation-of-duties"
        return "\(text) <a href=\"#\(place)\">and \(names.count - shown.count) others</a>"
    }

    private var promoted: String {
        let newest = release.history.ofNewestCut.all(ReleasePromoted.self)
        let promotions = newest.isEmpty ? release.promotions : newest
        guard let last = promotions.last else { return "nowhere" }
        let environments = Set(promotions.map(\.payload.environment)).sorted()
        return "\(environments.joined(separator: ", ")), \(last.fact.recordedTime.inWords)"
            + (newest.isEmpty ? ": an earlier cut, see below" : "")
    }

    /// Of a release that was cut again after it was promoted: what was promoted.
    private var older: String {
        guard release.history.ofNewestCut.all(ReleasePromoted.self).isEmpty,
            let (fact, cut) = release.promotedCut?.cut
        else { return "" }
        let artifacts = cut.artifacts.map { "\($0.name) (sha256 \($0.digest.hex))" }
        let people = release.approvals.filter { $0.cut == fact.position && $0.countsForItsCut }
        return "<p class=\"open\">What was promoted is not the newest cut, but that of entry "
            + "\(fact.position): commit \(Markup.escaped(String(cut.commit.prefix(12)))), "
            + Markup.escaped(artifacts.isEmpty ? "no artifacts" : artifacts.joined(separator: ", "))
            + ", approved by "
            + Markup.escaped(
                people.isEmpty ? "nobody" : people.map(\.person).joined(separator: ", "))
            + ". All else here is of the newest cut, unless it says otherwise.</p>\n"
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
        var about = cut.previous.map { "Since release \($0). " } ?? ""
        // What counted the version may say the same.
        if cut.previous == nil, !cut.reason.lowercased().hasPrefix("the first release") {
            about = "The first release. "
        }
        about += cut.reason.prefix(1).uppercased() + cut.reason.dropFirst()
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
        func row<Kind>(
            _ deed: String, _ shown: ReleaseEvidence.Shown<StepOutcome<Kind>>, because: String?
        ) -> (Position, [Cell]) {
            let done = shown.payload
            return (
                shown.fact.position,
                [
                    .text(deed), .text(done.environment ?? "–"), .outcome(done.outcome),
                    .text(done.reason), .text(because ?? "–"), .time(shown.fact.recordedTime),
                    .entry(shown.fact.position),
                ]
            )
        }
        let done =
            release.deployments.map { row("deploy", $0, because: nil) }
            + release.rollbacks.map {
                row(
                    "roll back", $0,
                    because: release.reason(forRollbackIn: $0.payload.key.run))
            }
        let rows = done.sorted { $0.0 < $1.0 }.map(\.1)
        return HTMLTable(
            ["Deed", "Environment", "Outcome", "What was seen", "Why", "Time (UTC)", "Entry"], rows
        ).html(titled: "Deployments and rollbacks", none: "Nothing was deployed.")
    }

    private var surroundings: String {
        let rows = release.surroundings.map { fact -> [Cell] in
            [
                .time(fact.recordedTime), .name(fact.type.unprefixed), .text(fact.about),
                .text(fact.actor ?? "–"),
                isAlone ? .entry(fact.position) : .place(fact.position),
            ]
        }
        var table = HTMLTable(["Time (UTC)", "Event", "About", "Actor", "Entry"], rows)
        // What bears on two releases stands twice in the page, and can be led to once only.
        if isAlone {
            let own = Set(release.history.facts.map(\.position))
            table.events = release.surroundings.map {
                own.contains($0.position) ? nil : $0.position
            }
        }
        return table.html(
            titled: "Around the release",
            about:
                "Who held its environments, alerts while it rode, and the objectives in force: chosen "
                + "from other streams, and not claimed to be complete.")
    }

    private var timeline: String {
        let rows = release.history.facts.map { fact -> [Cell] in
            [
                .time(fact.recordedTime), .name(fact.type.unprefixed), .text(about(fact)),
                .text(fact.actor ?? "–"), .entry(fact.position), .hash(fact.hash),
            ]
        }
        var table = HTMLTable(["Time (UTC)", "Event", "About", "Actor", "Entry", "Hash"], rows)
        table.events = release.history.facts.map(\.position)
        return table.html(
            titled: "Timeline: all \(rows.count) events of this release",
            none: "Nothing was recorded of it.")
    }

    private func about(_ fact: StreamHistory.Fact) -> String {
        guard fact.isOf(GateEvaluated.self), let gate = try? GateEvaluated(data: fact.data) else {
            return fact.about
        }
        return "\(gate.key.name): \(gate.outcome.rawValue): \(release.reason(of: (fact, gate)))"
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
