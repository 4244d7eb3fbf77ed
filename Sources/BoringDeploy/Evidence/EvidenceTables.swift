import EventSourcing
import LedgerCore

/// The tables of a bundle, for spreadsheets.
enum EvidenceTables {
    static func approvals(_ releases: [ReleaseEvidence]) -> [UInt8] {
        var table = CSV([
            "release", "person", "time", "signed", "of the newest cut", "revoked", "authors",
            "position",
        ])
        for release in releases {
            let authors = (release.cut?.payload.authors ?? []).map(\.shown).joined(separator: "; ")
            for approval in release.approvals {
                table.add([
                    release.name, approval.person, approval.fact.recordedTime.description,
                    word(approval.isSigned), word(approval.isCurrent), word(approval.isRevoked),
                    authors, "\(approval.fact.position)",
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
        for member in members { table.add(row(member, releases)) }
        return table.bytes
    }

    private static func row(_ member: RecordedEvent, _ releases: [ReleaseEvidence]) -> [String] {
        let release = releases.first { $0.history.stream == member.event.subject }
        return [
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
