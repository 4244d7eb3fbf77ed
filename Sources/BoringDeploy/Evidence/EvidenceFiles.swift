import EventSourcing
import LedgerCore

/// The files of a bundle for spreadsheets and other tools.
package enum EvidenceFiles {
    /// By their paths.
    package static func tables(
        _ releases: [ReleaseEvidence], _ members: [RecordedEvent], _ sample: EvidenceSample,
        _ seal: RecordedSeal, _ controls: [AssessedControl], title: String, tool: String,
        entries: [UInt8], origin: KeyName, reconciliation: ReconciliationEvidence?
    ) -> [String: [UInt8]] {
        let results = AssessmentResults(
            title: title, tool: tool, seal: seal, controls: controls, entries: SHA256.hash(entries))
        var files = [
            "approvals.csv": EvidenceTables.approvals(releases),
            "gates.csv": EvidenceTables.gates(releases),
            "controls.csv": AssessedControl.csv(controls),
            "oscal/assessment-results.json": results.bytes,
            "cdevents.jsonl": CDEvents(origin: origin).lines(releases),
            "population.csv": EvidenceTables.population(members, releases),
        ]
        files["reconciliation.csv"] = reconciliation?.csv
        if !members.isEmpty {
            files["sample.csv"] = sample.csv(of: members, seal)
        }
        return files
    }
}
