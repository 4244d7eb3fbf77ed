import EventSourcing
import LedgerCore

/// `index.html`: the evidence for people, one page that needs nothing else.
package struct EvidencePage: Sendable {
    package var title: String
    /// What the bundle is of, in a sentence.
    package var lead: String
    package var releases: [ReleaseEvidence]
    /// The events asked for, of a population.
    package var members: [RecordedEvent]
    /// The ledger, the seal and the checkpoint, by name and value.
    package var origin: [(name: String, value: String)]
    /// What was asked for and is not in the log: type or stream.
    package var absent: [String]
    package var withheld: Int
    /// What the page's script verifies (docs/spec/bundle.md, "The page").
    package var evidence: JSONValue

    package init(
        title: String, lead: String, releases: [ReleaseEvidence], members: [RecordedEvent],
        origin: [(name: String, value: String)], absent: [String], withheld: Int,
        evidence: JSONValue
    ) {
        self.title = title
        self.lead = lead
        self.releases = releases
        self.members = members
        self.origin = origin
        self.absent = absent
        self.withheld = withheld
        self.evidence = evidence
    }

    package var html: [UInt8] {
        var body = "<header><p class=\"kind\">Evidence bundle</p><h1>\(escaped(title))</h1>"
        body += "<p class=\"lead\">\(escaped(lead))</p></header>\n"
        if !members.isEmpty { body += population }
        for release in releases {
            body += ReleaseSection(release, isAlone: releases.count == 1).html
        }
        body += limits + provenance
        let data = CanonicalJSONWriter.text(of: evidence).replacing("<", with: "\\u003c")
        return Array(
            """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
            style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
            <title>\(escaped(title))</title><style>\(EvidenceStyle.css)</style></head><body><main>
            \(body)</main>
            <script type="application/json" id="evidence">\(data)</script>
            </body></html>

            """.utf8)
    }

    private var population: String {
        let rows = members.map { member in
            [
                "\(member.position)", member.event.recordedTime?.description ?? "",
                member.event.subject?.text ?? "", member.entry.hash.hex,
            ]
        }
        return HTMLTable(["Position", "Time", "Subject", "Entry hash"], rows).html(
            titled: "The population: \(members.count) events")
    }

    private var limits: String {
        var points = [
            "Whether everything that happened was recorded: no ledger can show that. What is here is complete "
                + "for the log, not for the world.",
            "Who stood behind a name: an approval is a signature by a key that the project listed for a person.",
            "Whether what was measured was true: canary verdicts follow from what the metrics said.",
        ]
        if withheld > 0 {
            let isOne = withheld == 1
            points.append(
                "\(withheld) attachment\(isOne ? " is" : "s are") left out, named by hash in the manifest."
            )
        }
        var html = "<section><h2>What this evidence cannot show</h2><ul>"
        html += points.map { "<li>\(escaped($0))</li>" }.joined() + "</ul></section>\n"
        guard !absent.isEmpty else { return html }
        html +=
            "<section><h2>Shown not to be in the log</h2><p>By two neighbours in the sealed index each.</p><ul>"
        html += absent.map { "<li><code>\(escaped($0))</code></li>" }.joined()
        return html + "</ul></section>\n"
    }

    private var provenance: String {
        let rows = origin.map {
            "<tr><th scope=\"row\">\(escaped($0.name))</th><td><code>\(escaped($0.value))</code></td></tr>"
        }
        return "<section><h2>Where this comes from</h2><table>\(rows.joined())</table>"
            + "<p>Verify it: <code>daybook bundle verify FILE --key KEY</code> or <code>python3 verify.py FILE "
            + "--key KEY</code>, with the verifier key from the ledger's publisher, not from this file.</p>"
            + "</section>\n"
    }

    private func escaped(_ text: String) -> String { Markup.escaped(text) }
}

/// A table of a page.
struct HTMLTable {
    private let headings: [String]
    private let rows: [[String]]

    init(_ headings: [String], _ rows: [[String]]) {
        self.headings = headings
        self.rows = rows
    }

    /// Nothing for a table without rows, but a sentence where one is given.
    func html(titled title: String, none: String? = nil) -> String {
        let head = "<h2>\(Markup.escaped(title))</h2>"
        guard !rows.isEmpty else {
            return none.map {
                "<section>\(head)<p class=\"none\">\(Markup.escaped($0))</p></section>\n"
            }
                ?? ""
        }
        let titles = headings.map { "<th scope=\"col\">\(Markup.escaped($0))</th>" }.joined()
        let lines = rows.map { row in
            "<tr>" + row.map { "<td>\(HTMLTable.cell($0))</td>" }.joined() + "</tr>"
        }
        return
            "<section>\(head)<div class=\"wide\"><table><thead><tr>\(titles)</tr></thead><tbody>\n"
            + lines.joined(separator: "\n") + "</tbody></table></div></section>\n"
    }

    /// Outcomes are marked by a sign as well as by a colour.
    private static func cell(_ text: String) -> String {
        let escaped = Markup.escaped(text)
        return switch text {
        case "passed", "yes", "is complete", "pass": "<span class=\"good\">✓ \(escaped)</span>"
        case "failed", "refused", "NO", "rollback", "was rolled back":
            "<span class=\"bad\">✗ \(escaped)</span>"
        case "inconclusive", "stale", "revoked", "hold": "<span class=\"open\">? \(escaped)</span>"
        default: escaped
        }
    }
}

enum EvidenceStyle {
    static let css = """
        :root{color-scheme:light dark;--ink:#1b1b1f;--soft:#5c5c66;--line:#dcdce2;--paper:#fff;--good:#146c37;\
        --bad:#b3261e;--open:#8a5a00;--tint:#f5f5f8}
        @media(prefers-color-scheme:dark){:root{--ink:#ececf1;--soft:#a9a9b5;--line:#3a3a44;--paper:#17171b;\
        --good:#6fd08f;--bad:#ff8f86;--open:#f0c060;--tint:#222228}}
        *{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);\
        font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
        main{max-width:66rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
        .kind{margin:0;color:var(--soft);font-size:.85rem;letter-spacing:.06em;text-transform:uppercase}
        h1{font-size:2rem;line-height:1.2;margin:.1rem 0 .4rem}h2{font-size:1.15rem;margin:0 0 .5rem}
        .lead{font-size:1.1rem;margin:0;max-width:46rem}.none{color:var(--soft);margin:0}
        section{margin:2.2rem 0 0}.wide{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:.92rem}
        th,td{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0;border-bottom:1px solid var(--line)}
        thead th{color:var(--soft);font-weight:600;white-space:nowrap}
        code{font:.86em ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
        .good{color:var(--good)}.bad{color:var(--bad)}.open{color:var(--open)}
        .good,.bad,.open{font-weight:600;white-space:nowrap}
        .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.8rem;margin-top:1.4rem}
        .facts div{background:var(--tint);border-radius:.5rem;padding:.7rem .9rem}
        .facts dt{color:var(--soft);font-size:.82rem}.facts dd{margin:0;font-weight:600;overflow-wrap:anywhere}
        svg{width:100%;height:auto}svg text{fill:var(--soft)!important}
        @media print{:root{--ink:#000;--soft:#444;--line:#bbb;--paper:#fff;--good:#146c37;--bad:#b3261e;\
        --open:#8a5a00;--tint:#f2f2f2}body{font-size:10.5pt}main{max-width:none;padding:0}\
        tr,.facts div{break-inside:avoid}h2{break-after:avoid}@page{margin:16mm}}
        """
}
