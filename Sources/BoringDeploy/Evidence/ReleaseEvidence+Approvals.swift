import EventSourcing
import LedgerCore

/// Who has approved a release, and whether that counts for an auditor: signatures are verified again, and the
/// gate's own rule is asked again, by the configuration that was kept.
extension ReleaseEvidence {
    static func approvals(
        in history: StreamHistory, by known: [Digest: ApprovalPolicy.Known]
    ) -> [Approval] {
        let cuts = history.cuts
        let newest = cuts.last
        let policies = cuts.map { ApprovalPolicy(of: $0, known) }
        let revoked = history.all(ApprovalRevoked.self)
        var seen: Set<[String]> = []
        return history.all(ApprovalGranted.self).map { fact, granted in
            let index = cuts.lastIndex { $0.cut?.fact.hash == granted.cut }
            let cut = index.flatMap { cuts[$0].cut }
            let policy = index.map { policies[$0] } ?? policies.last
            let promoted = index.flatMap { cuts[$0].all(ReleasePromoted.self).first }
            var approval = Approval(
                person: granted.person, fact: fact,
                signature: signature(of: granted, for: history.stream, by: policy?.people),
                isCurrent: cut != nil && cut?.fact.hash == newest?.cut?.fact.hash,
                revocation: revoked.first {
                    $0.payload.person == granted.person && $0.fact.position > fact.position
                }, isLate: promoted.map { $0.fact.position < fact.position } ?? false,
                fault: cut.map { policy?.fault(of: granted, for: $0, of: history.stream) }
                    ?? "it is of no cut that is here",
                makers: makers(of: cut?.payload, granted.person, policy?.people),
                cut: cut?.fact.position)
            if approval.countsForItsCut {
                approval.isRepeat = !seen.insert([granted.person, granted.cut.hex]).inserted
            }
            return approval
        }
    }

    private static func signature(
        of granted: ApprovalGranted, for stream: StreamName, by people: [Person]?
    ) -> Approval.Signature {
        guard let signature = granted.signature else { return .unsigned }
        let statement = SignedStatement(
            .approve, release: stream.text, cut: granted.cut, person: granted.person)
        return check(signature, of: statement, by: people)
    }

    func signature(of granted: OverrideGranted) -> Approval.Signature {
        Self.check(
            granted.signature,
            of: OverrideGranted.statement(
                gate: granted.gate, person: granted.person, release: history.stream.text,
                cut: granted.cut, reason: granted.reason, expires: granted.expires), by: people)
    }

    private static func check(
        _ signature: String, of statement: SignedStatement, by people: [Person]?
    ) -> Approval.Signature {
        guard let people else { return .unknown }
        return statement.fault(of: signature, in: people).map { .wrong($0) } ?? .verified
    }

    /// Approvals that count: by the gate's rule, signed, of the newest cut, not taken back, each person
    /// once.
    package var standing: [Approval] { approvals.filter(\.isStanding) }

    /// Approvals for tools that know no gates: those that count; where no gate asks, those of somebody else by
    /// a signature that holds.
    var reviews: [Approval] {
        guard policy.rule == nil else { return standing }
        return approvals.filter {
            $0.isCurrent && !$0.isRevoked && !$0.isLate && $0.signature == .verified
                && isSeparate($0)
        }
    }

    /// How many must approve, by the rule that the gate has asked by.
    package var required: Int? { policy.rule?.required }

    /// Whether as many have approved as must.
    package var isApprovedByEnough: Bool {
        required.map { !standing.isEmpty && standing.count >= $0 } ?? false
    }

    /// Who has approved it, where enough have.
    package var approvers: [String] { isApprovedByEnough ? standing.map(\.person) : [] }

    /// In words.
    var approvedBy: String {
        guard !isApprovedByEnough, !standing.isEmpty, let required else {
            return approvers.isEmpty ? "nobody" : approvers.joined(separator: ", ")
        }
        let names = standing.map(\.person).joined(separator: ", ")
        return "too few: \(names) (\(standing.count) of \(required))"
    }

    /// Why an approval does not carry the release; nil if it does.
    func flaw(of approval: Approval) -> String? {
        if let flaw = approval.flaw { return flaw }
        guard !isApprovedByEnough, let required else { return nil }
        return "only \(standing.count) of \(required) that are required"
    }

    /// Whether enough others than those who made it have approved it, by signatures that hold, and the gate has
    /// let it through for that.
    package var isApproved: Bool {
        isApprovedByEnough && passedApprovalsGate && unreadable.isEmpty
    }

    /// Whether an approver is told from everyone who made the release.
    func isSeparate(_ approval: Approval) -> Bool {
        approval.makers.allSatisfy(\.duty.isSeparate)
    }

    /// Everyone whom an approver of the newest cut has to be told from: authors, then the cutter.
    package var makers: [(identity: Identity, role: String)] { Self.makers(of: cut?.payload) }

    /// The people of the newest cut's own configuration that an identity belongs to.
    func owners(of identity: Identity) -> [Person] {
        policy.people.map { Independence($0).owners(of: identity) } ?? []
    }

    private static func makers(of cut: ReleaseCut?) -> [(identity: Identity, role: String)] {
        guard let cut else { return [] }
        let authors = cut.authors.map { (identity: $0, role: "author") }
        guard !cut.authors.contains(cut.cutter) else { return authors }
        return authors + [(cut.cutter, "cutter")]
    }

    private static func makers(
        of cut: ReleaseCut?, _ approver: String, _ people: [Person]?
    ) -> [Maker] {
        makers(of: cut).map { identity, role in
            Maker(
                identity: identity, role: role, duty: duty(of: approver, against: identity, people))
        }
    }

    private static func duty(
        of approver: String, against identity: Identity, _ people: [Person]?
    ) -> Duty {
        guard let people else { return .unknown }
        let owners = Independence(people).owners(of: identity).map(\.name)
        if owners.contains(approver) { return .same }
        return owners.isEmpty ? .unknown : .separate(knownAs: owners)
    }
}
