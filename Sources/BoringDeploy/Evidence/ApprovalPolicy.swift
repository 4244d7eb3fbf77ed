import EventSourcing
import LedgerCore

/// Who may approve a cut, and how many must: from the configuration that was kept, and from what the gate has
/// written down of its rule.
package struct ApprovalPolicy: Sendable {
    /// Nil where the ledger keeps no list of people for the cut.
    let people: [Person]?
    /// Nil where no gate has asked for approvals, or has not kept what it asked for.
    let rule: ApprovalRule?

    /// What is known of a configuration that was kept.
    package struct Known: Sendable {
        package var people: [Person]
        package var gates: GateRules

        package init(people: [Person], gates: GateRules) {
            self.people = people
            self.gates = gates
        }
    }

    init(of cut: StreamHistory, _ known: [Digest: Known]) {
        let known = cut.policy.flatMap { known[$0.file.digest] }
        let gate = cut.approvalsGate?.payload
        people = known?.people
        rule =
            if let known { known.gates.approvals?.before(gate?.environment) } else {
                gate?.approvalRule
            }
    }

    /// Why an approval does not count for a cut, as the gate has it; nil if it does.
    func fault(
        of approval: ApprovalGranted, for cut: StreamHistory.Shown<ReleaseCut>,
        of stream: StreamName
    ) -> String? {
        guard let people else { return "there is no list of people to judge it by" }
        guard let rule else { return "no approvals gate has asked for it by a rule that is kept" }
        return rule.fault(of: approval, for: cut, of: stream.text, among: people)
    }
}
