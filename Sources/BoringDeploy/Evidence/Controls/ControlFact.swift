import EventSourcing
import LedgerCore

/// What a control may ask of the evidence. What the ledger has no events for is never shown.
package enum ControlFact: String, Sendable, CaseIterable {
    case cut
    case artifacts
    case approved
    case separated
    case gatesPassed = "gates-passed"
    case verified
    case watched
    case recovered
    case sealed
    case backedUp = "backed-up"
    case restored
    case replicated

    /// Whether it is shown of every release, by which entries, and in words what is or is not.
    struct Finding {
        let isShown: Bool
        let positions: [Position]
        let reason: String
    }

    func finding(_ releases: [ReleaseEvidence], _ seal: RecordedSeal) -> Finding {
        switch self {
        case .sealed:
            Finding(
                isShown: true, positions: [seal.position],
                reason: "the log is hash-chained, signed and sealed")
        case .backedUp, .restored, .replicated:
            Finding(
                isShown: false, positions: [],
                reason: "the bundle holds no evidence of recovery (\(rawValue))")
        default: ofAll(releases)
        }
    }

    private func ofAll(_ releases: [ReleaseEvidence]) -> Finding {
        guard !releases.isEmpty else {
            return Finding(isShown: false, positions: [], reason: "the bundle holds no release")
        }
        let releases = releases.map(\.ofNewestCut)
        let missing = releases.filter { !isShown(of: $0) }.map { release in
            release.name + (flaw(of: release).map { " (\($0))" } ?? "")
        }
        return Finding(
            isShown: missing.isEmpty, positions: releases.flatMap(positions).sorted(),
            reason: missing.isEmpty
                ? "\(rawValue): shown of \(releases.count) release\(releases.count == 1 ? "" : "s")"
                : "\(rawValue): not shown of \(missing.prefix(10).joined(separator: ", "))"
                    + (missing.count > 10 ? " and \(missing.count - 10) more" : ""))
    }

    private func isShown(of release: ReleaseEvidence) -> Bool {
        switch self {
        case .cut: release.cut != nil
        case .artifacts: release.cut.map { !$0.payload.artifacts.isEmpty } ?? false
        case .approved: release.isApproved
        case .separated:
            !release.standing.isEmpty && release.standing.allSatisfy(release.isSeparate)
        case .gatesPassed: release.gatesPassed
        case .verified:
            !release.verifications.isEmpty
                && release.lastVerifications.allSatisfy { $0.payload.outcome == .passed }
        case .watched:
            release.canaries.contains { $0.payload.decision == .pass }
                || release.soaks.contains { $0.payload.outcome == .passed }
        case .recovered:
            // Of a release that never set out, nothing is shown.
            release.end.map { ![.stuck, .failed].contains($0.payload.end) } ?? false
                && release.rollbacks.last.map { $0.payload.outcome == .passed } ?? true
        default: false
        }
    }

    /// Why it is not shown of a release, in words.
    private func flaw(of release: ReleaseEvidence) -> String? {
        switch self {
        case .cut: "it was never cut"
        case .artifacts: "its cut names no artifacts"
        case .approved: release.approvalFlaw
        case .separated: "approved by \(release.approvedBy)"
        case .gatesPassed: release.gatesFlaw
        case .verified: "nothing was verified, or not everything passed in the end"
        case .watched: "no canary and no soak passed"
        case .recovered:
            release.end.map { "its train \($0.payload.end.words)" } ?? "its train has not ended"
        default: nil
        }
    }

    private func positions(of release: ReleaseEvidence) -> [Position] {
        switch self {
        case .cut, .artifacts: [release.cut?.fact.position].compactMap(\.self)
        case .approved, .separated: release.standing.map(\.fact.position)
        case .gatesPassed: release.gates.map(\.fact.position)
        case .verified: release.verifications.map(\.fact.position)
        case .watched:
            release.canaries.map(\.fact.position) + release.soaks.map(\.fact.position)
        case .recovered:
            release.rollbacks.map(\.fact.position) + [release.end?.fact.position].compactMap(\.self)
        default: []
        }
    }
}
