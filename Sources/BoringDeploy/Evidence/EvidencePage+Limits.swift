import EventSourcing
import LedgerCore

/// What the page says of itself: what it cannot show, what is shown not to be there, where it comes from.
extension EvidencePage {
    var limits: String {
        var points = [
            "Whether everything that happened was recorded: no ledger can show that. What is here is complete "
                + "for the log, not for the world. "
                + (reconciliation == nil
                    ? "It was never compared with what others count (daybook reconcile)."
                    : "What others count is compared above."),
            "Who stood behind a name: an approval is a signature by a key that the project listed for a person.",
            "Whether what was measured was true: canary verdicts follow from what the metrics said.",
            "Whether this page is honest about itself: who can change its evidence can change its script. Check "
                + "the bundle's file with a verifier from a place that you trust.",
        ]
        if withheld > 0 {
            let isOne = withheld == 1
            points.append(
                "\(withheld) attachment\(isOne ? " is" : "s are") left out, named by hash in the manifest."
            )
        }
        var html =
            "<section id=\"limits\"><h2>What this evidence cannot show</h2><ul>"
            + points.map { "<li>\(Markup.escaped($0))</li>" }.joined() + "</ul></section>\n"
        guard !absent.isEmpty else { return html }
        html +=
            "<section id=\"absent\"><h2>Shown not to be in the log</h2><p class=\"about\">By two neighbours in "
            + "the sealed index each, for the whole log below the seal.</p><ul>"
        html += absent.map { key in
            "<li>\(Markup.escaped(Self.inWords(absent: key))) "
                + "<small><code>\(Markup.escaped(key))</code></small></li>"
        }.joined()
        return html + "</ul></section>\n"
    }

    /// Of a key of the index that nothing is recorded under.
    private static func inWords(absent key: String) -> String {
        let what: String? =
            switch key {
            case "type:\(OverrideGranted.definition.type.text)":
                "no gate was ever set aside (overridden)"
            case "type:\(ApprovalRevoked.definition.type.text)": "no approval was ever taken back"
            case "type:\(RollbackCompleted.definition.type.text)": "nothing was ever rolled back"
            case "type:\(TrainAborted.definition.type.text)": "no train was ever stopped by hand"
            case "type:\(AlertFired.definition.type.text)": "no alert ever fired"
            default: nil
            }
        if let what { return "In the whole log, \(what)." }
        return key.hasPrefix("type:")
            ? "In the whole log, there is no event of this type:"
            : "In the whole log, there is no event of this stream:"
    }

    /// What an authority has stamped, of the entries that the page holds.
    private var timestamps: [(name: String, value: String)] {
        let lines = (evidence.object?["entries"]?.array ?? []).compactMap(\.string)
        let type = CheckpointTimestamped.definition.type.text
        return lines.filter { $0.contains(type) }.compactMap { line in
            guard let event = try? StrictJSONParser.parse(Array(line.utf8)).object,
                event["type"] == .string(type),
                event["subject"] == .string(LedgerCreated.stream.text),
                let stamp = try? CheckpointTimestamped(data: event["data"] ?? .null)
            else { return nil }
            return (
                "Time stamp",
                "\(stamp.time.inWords) UTC by \(stamp.authority), of the first \(stamp.size) entries; "
                    + "who signed it is checked with the authority's certificates (--timestamp-ca)"
            )
        }
    }

    var provenance: String {
        let rows = (origin + timestamps).map {
            "<tr><th scope=\"row\">\(Markup.escaped($0.name))</th><td><code>\(Markup.escaped($0.value))</code>"
                + "</td></tr>"
        }
        return
            "<section id=\"provenance\"><h2>Where this comes from</h2><div class=\"wide\"><table>"
            + "\(rows.joined())</table></div>"
            + "<p>Verify it: <code>daybook bundle verify FILE --key KEY</code> or <code>python3 verify.py FILE "
            + "--key KEY</code>, with the verifier key from the ledger's publisher, not from this file.</p>"
            + "</section>\n"
    }
}
