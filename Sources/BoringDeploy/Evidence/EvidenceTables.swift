import EventSourcing
import LedgerCore

/// The tables of a bundle, for spreadsheets.
enum EvidenceTables {
    static func approvals(_ releases: [ReleaseEvidence]) -> [UInt8] {
        var table = CSV([
            "release", "person", "time", "signature", "of the newest cut", "revoked",
            "after promotion", "counts", "why not",
            "separate from", "not separate from", "position",
        ])
        for release in releases {
            for approval in release.approvals {
                let separate = approval.makers.filter(\.duty.isSeparate).map(\.identity.shown)
                let others = approval.makers.filter { !$0.duty.isSeparate }.map(\.identity.shown)
                let flaw = release.flaw(of: approval)
                table.add([
                    release.name, approval.person, approval.fact.recordedTime.description,
                    approval.signature.words, word(approval.isCurrent), word(approval.isRevoked),
                    word(approval.isLate), word(flaw == nil), flaw ?? "",
                    separate.joined(separator: "; "), others.joined(separator: "; "),
                    "\(approval.fact.position)",
                ])
            }
        }
        return table.bytes
    }

    static func gates(_ releases: [ReleaseEvidence]) -> [UInt8] {
        var table = CSV([
            "release", "step", "gates", "outcome", "reason", "overridden", "passes",
            "daybook.yaml sha256", "time", "position",
        ])
        for release in releases {
            for (fact, gate) in release.gates {
                table.add([
                    release.name, gate.key.name, gate.gates.joined(separator: "; "),
                    gate.outcome.rawValue, release.reason(of: (fact, gate)),
                    gate.overridden.joined(separator: "; "),
                    gate.passes.map { "\($0.gate): \($0.ground)" }.joined(separator: "; "),
                    gate.configuration?.digest.hex ?? "", fact.recordedTime.description,
                    "\(fact.position)",
                ])
            }
        }
        return table.bytes
    }

    /// One row for each entry of the population.
    static func population(
        _ members: [RecordedEvent], _ releases: [ReleaseEvidence]
    ) -> [UInt8] {
        var table = CSV([
            "position", "time", "type", "subject", "entry hash", "commit", "authors", "approved by",
            "outcome", "data",
        ])
        let byStream = Dictionary(
            releases.map { ($0.history.stream, $0) }, uniquingKeysWith: { first, _ in first })
        for member in members {
            table.add(row(member, member.event.subject.flatMap { byStream[$0] }))
        }
        return table.bytes
    }

    private static func row(_ member: RecordedEvent, _ release: ReleaseEvidence?) -> [String] {
        [
            "\(member.position)", member.event.recordedTime?.description ?? "",
            member.event.type.text, member.event.subject?.text ?? "", member.entry.hash.hex,
            release?.cut?.payload.commit ?? "",
            (release?.cut?.payload.authors ?? []).map(\.shown).joined(separator: "; "),
            (release?.approvers ?? []).joined(separator: "; "),
            release?.outcome ?? "",
            CanonicalJSONWriter.text(of: member.event.data ?? .null),
        ]
    }

    private static func word(_ value: Bool) -> String { value ? "yes" : "no" }
}

extension ReleaseEvidence.Approval.Signature {
    /// For people.
    var words: String {
        switch self {
        case .verified: "verified"
        case .unsigned: "none"
        case .wrong(let fault): "wrong: \(fault)"
        case .unknown: "not verified: the ledger keeps no list of people for it"
        }
    }
}
