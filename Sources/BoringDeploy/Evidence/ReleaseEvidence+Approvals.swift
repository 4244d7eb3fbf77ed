import EventSourcing
import LedgerCore

/// Who has approved a release, and whether that counts for an auditor: signatures are verified again.
extension ReleaseEvidence {
    /// An approval and what became of it.
    package struct Approval: Sendable {
        package enum Signature: Sendable, Equatable {
            /// By a key that the configuration lists for the person.
            case verified
            case unsigned
            case wrong(String)
            /// There is no list of people to verify it by.
            case unknown
        }

        package let person: String
        package let fact: StreamHistory.Fact
        package let signature: Signature
        /// Of the newest cut; else a later cut has made it stale.
        package let isCurrent: Bool
        package let isRevoked: Bool

        /// Given when the release had been promoted already.
        package let isLate: Bool

        /// Whether it stands for the release as it was cut last: what nobody could verify does not.
        package var isStanding: Bool {
            isCurrent && !isRevoked && !isLate && signature == .verified
        }
    }

    static func approvals(in history: StreamHistory, by people: [Person]?) -> [Approval] {
        let revoked = history.all(ApprovalRevoked.self)
        let cut = history.cut?.fact.hash
        let promoted = history.ofNewestCut.all(ReleasePromoted.self).first?.fact.position
        return history.all(ApprovalGranted.self).map { fact, granted in
            Approval(
                person: granted.person, fact: fact,
                signature: signature(of: granted, for: history.stream, by: people),
                isCurrent: granted.cut == cut,
                isRevoked: revoked.contains {
                    $0.payload.person == granted.person && $0.fact.position > fact.position
                }, isLate: promoted.map { $0 < fact.position } ?? false)
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

    /// Approvals that count: signed, of the newest cut, not taken back, each person once.
    package var standing: [Approval] {
        var seen: Set<String> = []
        return approvals.filter { $0.isStanding && seen.insert($0.person).inserted }
    }

    /// Whether an approver can be told from somebody who made the release.
    package enum Duty: Sendable, Equatable {
        case separate(knownAs: [String])
        case same
        /// Nobody among the people is known by that name, or there is no list of people.
        case unknown
    }

    package func duty(of approver: String, against identity: Identity) -> Duty {
        guard let people else { return .unknown }
        let owners = Independence(people).owners(of: identity).map(\.name)
        if owners.contains(approver) { return .same }
        return owners.isEmpty ? .unknown : .separate(knownAs: owners)
    }

    /// Whether an approver is told from everyone who made the release.
    func isSeparate(_ approval: Approval) -> Bool {
        makers.allSatisfy { maker in
            guard case .separate = duty(of: approval.person, against: maker.identity) else {
                return false
            }
            return true
        }
    }

    /// Whether somebody other than those who made it has approved it, by a signature that holds.
    var isApproved: Bool { standing.contains { $0.signature == .verified && isSeparate($0) } }

    /// Everyone whom an approver has to be told from: authors, then the cutter.
    package var makers: [(identity: Identity, role: String)] {
        guard let cut = cut?.payload else { return [] }
        let authors = cut.authors.map { (identity: $0, role: "author") }
        guard !cut.authors.contains(cut.cutter) else { return authors }
        return authors + [(cut.cutter, "cutter")]
    }
}
