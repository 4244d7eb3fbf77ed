import EventSourcing
import LedgerCore

/// What the gates have said in the end, and what was set aside.
extension ReleaseEvidence {
    /// Whether every gate that was asked has passed in the end, and none was set aside.
    package var gatesPassed: Bool { openGates.isEmpty && !gates.isEmpty && isWithoutOverride }

    /// The newest evaluation of each step that asks gates, where it has not passed.
    private var openGates: [GateEvaluated] {
        var last: [String: GateEvaluated] = [:]
        for (_, gate) in gates { last[gate.key.name] = gate }
        return last.sorted { $0.key < $1.key }.map(\.value).filter { $0.outcome != .passed }
    }

    /// Whether the gate that asks who may approve has passed in the end, without being set aside.
    package var passedApprovalsGate: Bool {
        guard
            let last = gates.last(where: { $0.payload.gates.contains(ApprovalsGate.name) })?
                .payload
        else { return false }
        return last.outcome == .passed && !last.overridden.contains(ApprovalsGate.name)
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

    /// Why it is not approved, in words.
    var approvalFlaw: String {
        let asked = gates.last { $0.payload.gates.contains(ApprovalsGate.name) }
        if !unreadable.isEmpty { return unreadableFlaw }
        guard let asked else {
            return "approved by \(approvedBy); no approvals gate was asked"
        }
        if asked.payload.overridden.contains(ApprovalsGate.name) {
            return "the gate approvals was set aside (entry \(asked.fact.position))"
        }
        guard asked.payload.outcome == .passed else {
            return "the gate has not passed (entry \(asked.fact.position)), \(asked.payload.reason)"
        }
        let flaws = approvals.compactMap { approval in
            flaw(of: approval).map { "\(approval.person)'s does not count, \($0)" }
        }
        return "approved by \(approvedBy)"
            + (flaws.isEmpty ? "" : ": \(flaws.prefix(5).joined(separator: "; "))")
    }

    /// Why its gates have not all passed, in words.
    var gatesFlaw: String {
        if gates.isEmpty { return "no gate was asked" }
        if let open = openGates.first { return "\(open.key.name) has \(open.outcome.rawValue)" }
        if !unreadable.isEmpty { return unreadableFlaw }
        let set = overrides.map { "\($0.payload.gate) by entry \($0.fact.position)" }
        return "set aside: \((set.isEmpty ? overriddenGates : set).joined(separator: ", "))"
    }

    private var unreadableFlaw: String {
        "entry \(unreadable.map(\.position.description).joined(separator: ", ")) cannot be read"
    }
}
