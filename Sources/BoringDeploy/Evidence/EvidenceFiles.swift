import EventSourcing
import LedgerCore

/// The files of a bundle for spreadsheets and other tools.
package enum EvidenceFiles {
    /// By their paths.
    package static func tables(
        _ releases: [ReleaseEvidence], _ members: [RecordedEvent], _ sample: EvidenceSample,
        _ seal: RecordedSeal
    ) -> [String: [UInt8]] {
        var files = [
            "approvals.csv": EvidenceTables.approvals(releases),
            "gates.csv": EvidenceTables.gates(releases),
            "population.csv": EvidenceTables.population(members, releases),
        ]
        if !members.isEmpty {
            files["sample.csv"] = sample.csv(of: members, seal)
        }
        return files
    }
}
