import EventSourcing
import LedgerCore

/// The tables of a bundle, for spreadsheets.
enum EvidenceTables {
    static func approvals(_ releases: [ReleaseEvidence]) -> [UInt8] {
        var table = CSV([
            "release", "person", "time", "signature", "of the newest cut", "revoked",
            "after promotion", "counts",
            "separate from", "not separate from", "position",
        ])
        for release in releases {
            for approval in release.approvals {
                let makers = release.makers.map { maker in
                    (
                        maker.identity.shown,
                        release.duty(of: approval.person, against: maker.identity)
                    )
                }
                let (separate, others) = (
                    makers.filter { if case .separate = $0.1 { true } else { false } },
                    makers.filter { if case .separate = $0.1 { false } else { true } }
                )
                table.add([
                    release.name, approval.person, approval.fact.recordedTime.description,
                    approval.signature.words, word(approval.isCurrent), word(approval.isRevoked),
                    word(approval.isLate),
                    word(approval.isStanding), separate.map(\.0).joined(separator: "; "),
                    others.map(\.0).joined(separator: "; "), "\(approval.fact.position)",
                ])
            }
        }
        return table.bytes
    }

    static func gates(_ releases: [ReleaseEvidence]) -> [UInt8] {
        var table = CSV([
            "release", "step", "gates", "outcome", "reason", "overridden", "time", "position",
        ])
        for release in releases {
            for (fact, gate) in release.gates {
                table.add([
                    release.name, gate.key.name, texts(gate.details["gates"]),
                    gate.outcome.rawValue, gate.reason, texts(gate.details["overridden"]),
                    fact.recordedTime.description, "\(fact.position)",
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
            (release?.standing ?? []).map(\.person).joined(separator: "; "),
            release?.outcome ?? "",
            CanonicalJSONWriter.text(of: member.event.data ?? .null),
        ]
    }

    private static func word(_ value: Bool) -> String { value ? "yes" : "no" }

    private static func texts(_ value: JSONValue?) -> String {
        (value?.array ?? []).compactMap(\.string).joined(separator: "; ")
    }
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
