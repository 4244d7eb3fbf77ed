import BoringDeploy
import EventSourcing
import EvidenceBundle
import LedgerCore

/// The files of a bundle that people and other tools read.
struct EvidenceReport {
    let scope: BundleScope
    let releases: [ReleaseEvidence]
    let members: [RecordedEvent]
    let seal: RecordedSeal
    let sample: EvidenceSample
    let crosswalk: Crosswalk
    let reconciliation: ReconciliationEvidence?

    /// Above it the page does not hold the entries (docs/spec/bundle.md, "The page").
    private static let mostEntries = 2000
    private static let mostBytes = 32 << 20

    func add(
        to files: inout [String: [UInt8]], _ manifest: BundleManifest, _ proofs: BundleProofs
    ) {
        let controls = crosswalk.assessed(releases, seal)
        for (path, bytes) in EvidenceFiles.tables(
            releases, members, sample, seal, controls, title: title,
            tool: "\(manifest.tool.name) \(manifest.tool.version)",
            entries: files[BundlePaths.entries] ?? [], origin: manifest.key.name,
            reconciliation: reconciliation)
        {
            files[path] = bytes
        }
        let isHeld =
            proofs.entries.count <= Self.mostEntries
            && files[BundlePaths.entries].map { $0.count <= Self.mostBytes } ?? false
        let lines = isHeld ? files[BundlePaths.entries] ?? [] : []
        let page = EvidencePage(
            title: title, lead: lead(manifest), releases: releases, members: members,
            controls: controls, isStandardCrosswalk: crosswalk.isStandard,
            reconciliation: reconciliation,
            origin: [
                ("Ledger", manifest.key.name.text), ("Verifier key", manifest.key.description),
                ("Entries shown", "\(proofs.entries.count) of \(manifest.checkpointSize)"),
                (
                    "Sealed",
                    "\(seal.sealed.size) entries, \(seal.sealed.index.keys) keys, at \(seal.recordedTime.inWords) UTC"
                ),
                ("Root", manifest.checkpointRoot.hex),
                ("Made by", "\(manifest.tool.name) \(manifest.tool.version)"),
            ],
            absent: proofs.absent.map(\.key.text), withheld: manifest.withheld.count,
            evidence: [
                "manifest": manifest.summary,
                "entries": isHeld
                    ? .texts(
                        lines.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) })
                    : .null,
                "proofs": isHeld ? proofs.json : .null,
                "checkpoint": .string(
                    String(decoding: files[BundlePaths.checkpoint] ?? [], as: UTF8.self)),
            ])
        files["index.html"] = page.html
    }

    private var title: String {
        switch scope {
        case .release: releases.first?.name ?? "A release"
        case .population(let type, _): "Every \(type.versioned?.name.unprefixed ?? type.text)"
        }
    }

    private func lead(_ manifest: BundleManifest) -> String {
        switch scope {
        case .release:
            let outcome = releases.first?.outcome ?? "is not known"
            return "This release \(outcome). The page shows everything that the ledger "
                + "\(manifest.key.name) holds of it, up to \(seal.recordedTime.inWords) UTC."
        case .population(_, let period):
            let since = period.since.map { "from \($0.inWords)" } ?? "from the beginning"
            let until =
                period.until.map { "until before \($0.inWords)" }
                ?? "up to \(seal.recordedTime.inWords) UTC"
            return "\(members.count) events, \(since) \(until): all that the ledger "
                + "\(manifest.key.name) holds, with the whole history of each."
        }
    }
}
