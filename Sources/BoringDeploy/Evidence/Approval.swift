import EventSourcing
import LedgerCore

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
        /// Where it was taken back, and why.
        package let revocation: (fact: StreamHistory.Fact, payload: ApprovalRevoked)?
        /// Given when its cut had been promoted already.
        package let isLate: Bool
        /// What the gate's rule has against it.
        package let fault: String?
        /// They have approved the same cut before, so that it adds nothing.
        package internal(set) var isRepeat = false
        /// Of its cut.
        package let makers: [Maker]
        /// Where its cut is recorded; nil if it is of no cut of this release.
        let cut: Position?

        package var isRevoked: Bool { revocation != nil }

        /// Whether it counted for the cut that it is of: what nobody could verify does not.
        var countsForItsCut: Bool {
            !isRevoked && !isLate && !isRepeat && fault == nil && signature == .verified
        }

        /// Whether it stands for the release as it was cut last.
        package var isStanding: Bool { isCurrent && countsForItsCut }

        /// Why it does not count; nil if it does.
        package var flaw: String? {
            if let revocation {
                return
                    "taken back in entry \(revocation.fact.position): \(revocation.payload.reason)"
            }
            if !isCurrent {
                guard let cut else { return "of no cut that is here" }
                return "of an earlier cut (entry \(cut))"
                    + (countsForItsCut ? ", for which it counted" : "")
            }
            if isLate { return "given after it was promoted" }
            switch signature {
            case .verified: break
            case .unsigned: return "it is not signed"
            case .wrong(let fault): return fault
            case .unknown: return "not verified: there is no list of people to verify it by"
            }
            return fault ?? (isRepeat ? "repeats an approval that counts" : nil)
        }
    }

    /// Somebody whom an approver has to be told from.
    package struct Maker: Sendable {
        package let identity: Identity
        /// `author` or `cutter`.
        package let role: String
        package let duty: Duty
    }

    /// Whether an approver can be told from somebody who made the release.
    package enum Duty: Sendable, Equatable {
        case separate(knownAs: [String])
        case same
        /// Nobody among the people is known by that name, or there is no list of people.
        case unknown

        package var isSeparate: Bool {
            if case .separate = self { true } else { false }
        }
    }
}
