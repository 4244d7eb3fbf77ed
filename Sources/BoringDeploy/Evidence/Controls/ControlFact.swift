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
        let missing = releases.filter { !isShown(of: $0) }.map(\.name)
        return Finding(
            isShown: missing.isEmpty, positions: releases.flatMap(positions).sorted(),
            reason: missing.isEmpty
                ? "\(rawValue): shown of \(releases.count) release\(releases.count == 1 ? "" : "s")"
                : "\(rawValue): not shown of \(missing.prefix(10).joined(separator: ", "))")
    }

    private func isShown(of release: ReleaseEvidence) -> Bool {
        switch self {
        case .cut: release.cut != nil
        case .artifacts: release.cut.map { !$0.payload.artifacts.isEmpty } ?? false
        case .approved:
            !release.standing.isEmpty && release.isWithoutOverride && release.passedApprovalsGate
        case .separated:
            !release.standing.isEmpty && release.standing.allSatisfy(release.isSeparate)
        case .gatesPassed: release.gatesPassed && release.isWithoutOverride
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

extension ReleaseEvidence {
    /// Whether the gate that asks who may approve has passed in the end, without being set aside.
    package var passedApprovalsGate: Bool {
        let asked = gates.filter {
            ($0.payload.details["gates"]?.array ?? []).contains(.string("approvals"))
        }
        guard let last = asked.last?.payload else { return false }
        return last.outcome == .passed
            && !(last.details["overridden"]?.array ?? []).contains(.string("approvals"))
    }

    /// Whether no gate was set aside, by overrides and by what the gates say.
    var isWithoutOverride: Bool {
        overrides.isEmpty && overriddenGates.isEmpty && unreadable.isEmpty
    }

    /// The last outcome of each step.
    var lastVerifications: [Shown<VerificationCompleted>] {
        var last: [String: Shown<VerificationCompleted>] = [:]
        for shown in verifications { last[shown.payload.key.name] = shown }
        return Array(last.values)
    }
}
