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

        /// Whether it stands for the release as it was cut last.
        package var isStanding: Bool {
            isCurrent && !isRevoked && (signature == .verified || signature == .unknown)
        }
    }

    package var approvals: [Approval] {
        let revoked = history.all(ApprovalRevoked.self)
        return history.all(ApprovalGranted.self).map { fact, granted in
            Approval(
                person: granted.person, fact: fact, signature: signature(of: granted),
                isCurrent: granted.cut == cut?.fact.hash,
                isRevoked: revoked.contains {
                    $0.payload.person == granted.person && $0.fact.position > fact.position
                })
        }
    }

    private func signature(of granted: ApprovalGranted) -> Approval.Signature {
        guard let signature = granted.signature else { return .unsigned }
        return check(
            signature,
            of: SignedStatement(
                .approve, release: history.stream.text, cut: granted.cut,
                person: granted.person))
    }

    func signature(of granted: OverrideGranted) -> Approval.Signature {
        check(
            granted.signature,
            of: OverrideGranted.statement(
                gate: granted.gate, person: granted.person, release: history.stream.text,
                cut: granted.cut, reason: granted.reason, expires: granted.expires))
    }

    private func check(_ signature: String, of statement: SignedStatement) -> Approval.Signature {
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

    /// Everyone whom an approver has to be told from: authors, then the cutter.
    package var makers: [(identity: Identity, role: String)] {
        guard let cut = cut?.payload else { return [] }
        let authors = cut.authors.map { (identity: $0, role: "author") }
        guard !cut.authors.contains(cut.cutter) else { return authors }
        return authors + [(cut.cutter, "cutter")]
    }
}
