import EventSourcing
import LedgerCore

/// `index.html`: the evidence for people, one page that needs nothing else and checks itself
/// (docs/spec/bundle.md, "The page").
package struct EvidencePage: Sendable {
    package var title: String
    /// What the bundle is of, in a sentence.
    package var lead: String
    package var releases: [ReleaseEvidence]
    /// The events asked for, of a population.
    package var members: [RecordedEvent]
    package var controls: [AssessedControl]
    package var isStandardCrosswalk: Bool
    package var reconciliation: ReconciliationEvidence?
    /// The ledger, the seal and the checkpoint, by name and value.
    package var origin: [(name: String, value: String)]
    /// What was asked for and is not in the log: type or stream.
    package var absent: [String]
    package var withheld: Int
    /// What the page's script verifies.
    package var evidence: JSONValue

    package init(
        title: String, lead: String, releases: [ReleaseEvidence], members: [RecordedEvent],
        controls: [AssessedControl], isStandardCrosswalk: Bool,
        reconciliation: ReconciliationEvidence?,
        origin: [(name: String, value: String)], absent: [String],
        withheld: Int, evidence: JSONValue
    ) {
        self.title = title
        self.lead = lead
        self.releases = releases
        self.members = members
        self.controls = controls
        self.isStandardCrosswalk = isStandardCrosswalk
        self.reconciliation = reconciliation
        self.origin = origin
        self.absent = absent
        self.withheld = withheld
        self.evidence = evidence
    }

    package var html: [UInt8] {
        var body = population
        for release in releases {
            body += ReleaseSection(release, isAlone: releases.count == 1).html
        }
        body += (reconciliation?.html ?? "") + assessed + limits + provenance
        let data = CanonicalJSONWriter.text(of: evidence).unicodeScalars.map(Self.inScript).joined()
        return Array(
            """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="\(PageScript.policy)">
            <title>\(Markup.escaped(title)) · evidence</title><style>
            \(PageScript.style)</style></head><body><main>
            <header><p class="kind">Evidence bundle</p><h1>\(Markup.escaped(title))</h1>
            <p class="lead">\(Markup.escaped(lead))</p></header>
            \(verdict)
            \(contents(of: body))
            \(body)</main>
            <script type="application/json" id="evidence">\(data)</script>
            <script type="application/json" id="report">null</script>
            <script>\(PageScript.text)</script>
            </body></html>

            """.utf8)
    }

    /// As JSON has it where HTML would read more in it, or takes no such character.
    private static func inScript(_ scalar: Unicode.Scalar) -> String {
        guard scalar == "<" || scalar.value > 0x20 && Printable.isControl(scalar) else {
            return String(scalar)
        }
        return scalar.utf16.map { unit in
            let hex = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        }.joined()
    }

    /// Where the page says what it has found of itself.
    private var verdict: String {
        """
        <section id="check" aria-labelledby="verdict-title"><div class="verdict">
        <div role="status" aria-live="polite"><p id="verdict-title">Not checked.</p>
        <p id="verdict-text">This page checks itself where scripts may run. Without: daybook bundle verify, or \
        verify.py (VERIFY.md).</p></div>
        <form id="check-form" hidden>
        <label for="key">The ledger's verifier key, from its publisher (name+hash+key)
        <textarea id="key" rows="2" spellcheck="false" autocomplete="off"></textarea></label>
        <label for="bundle-file">The bundle's file, if every byte of it is to be checked
        <input id="bundle-file" type="file" accept=".zip,application/zip"></label>
        <button id="verify" type="submit">Verify</button></form>
        <div id="details" hidden><p class="about">Checked: <span id="checked"></span>. Not checked:</p>
        <ul id="unchecked"></ul></div>
        <div id="findings" class="wide" hidden><table><thead><tr><th scope="col">Finding</th>\
        <th scope="col">Where</th><th scope="col">What is wrong</th></tr></thead>\
        <tbody id="finding-rows"></tbody></table></div>
        </div></section>
        """
    }

    /// Links to the sections, of a page with one release.
    private func contents(of body: String) -> String {
        guard releases.count <= 1 else { return "" }
        var items = ""
        for part in body.split(separator: "<section id=\"").dropFirst() {
            guard let id = part.split(separator: "\"", maxSplits: 1).first,
                let start = part.firstRange(of: "<h2>"), let end = part.firstRange(of: "</h2>"),
                start.upperBound <= end.lowerBound
            else { continue }
            let title = part[start.upperBound..<end.lowerBound].prefix { $0 != ":" }
            items += "<li><a href=\"#\(id)\">\(title)</a></li>"
        }
        return "<nav aria-label=\"Contents\"><ul>\(items)</ul></nav>"
    }

    private var population: String {
        let outcomes = Dictionary(
            releases.map { ($0.history.stream, $0) }, uniquingKeysWith: { first, _ in first })
        let rows = members.map { member -> [HTMLTable.Cell] in
            let release = member.event.subject.flatMap { outcomes[$0] }
            return [
                release == nil ? .place(member.position) : .entry(member.position),
                .time(member.event.recordedTime ?? Timestamp(microseconds: 0)),
                member.event.subject.map { stream in
                    release == nil
                        ? .text(stream.text)
                        : .link(stream.text, anchor: ReleaseSection.anchor(of: stream))
                } ?? "–",
                .text(release?.approvedBy ?? "–"),
                .text(release?.outcome ?? "–"), .hash(member.entry.hash),
            ]
        }
        guard !members.isEmpty else { return "" }
        var table = HTMLTable(
            ["Entry", "Time (UTC)", "Subject", "Approved by", "Outcome", "Hash"], rows)
        // What is of a release stands in its timeline, and around one that is alone.
        let around = releases.count == 1 ? releases[0].surroundings.map(\.position) : []
        table.events = members.map { member in
            let isElsewhere =
                member.event.subject.flatMap { outcomes[$0] } != nil
                || around.contains(member.position)
            return isElsewhere ? nil : member.position
        }
        return table.html(
            titled: "The population: \(members.count) event\(members.count == 1 ? "" : "s")",
            about: "The same rows are in population.csv, and a random sample of them in sample.csv."
        )
    }

    private var assessed: String {
        let rows = controls.map { one -> [HTMLTable.Cell] in
            [
                .text(one.control.framework), .text(one.control.id), .text(one.control.title),
                .mark(one.words, one.isSatisfied ? .good : .open),
                .text(one.reasons.joined(separator: "; ")),
            ]
        }
        return HTMLTable(
            ["Framework", "Control", "About", "Evidence", "What is and is not shown"], rows
        )
        .html(
            titled: "Controls",
            about:
                "Which controls this evidence bears on, by "
                + (isStandardCrosswalk
                    ? "Daybook's own crosswalk" : "A CROSSWALK OF THE EXPORTER'S")
                + ", crosswalk.json (controls.csv cites the entries). Whether a control is met is for an auditor to say."
        )
    }
}
