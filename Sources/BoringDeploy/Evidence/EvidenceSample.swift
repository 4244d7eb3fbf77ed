import EventSourcing
import LedgerCore

/// A random sample that anybody can draw again: the members are ranked by SHA-256(seed ‖ entry
/// hash), and the first are taken. The seed is the seal's entry hash, unless another is given:
/// nobody knows it before the population is closed.
package struct EvidenceSample: Sendable {
    package let seed: [UInt8]
    package let size: Int

    package init(seed: [UInt8], size: Int) {
        self.seed = seed
        self.size = size
    }

    func drawn(from members: [RecordedEvent]) -> [RecordedEvent] {
        let ranked = members.map { (rank: rank(of: $0), member: $0) }
        return ranked.sorted { $0.rank.bytes.lexicographicallyPrecedes($1.rank.bytes) }
            .prefix(size).map(\.member)
    }

    private func rank(of member: RecordedEvent) -> Digest {
        SHA256.hash(seed + member.entry.hash.bytes)
    }

    func csv(of members: [RecordedEvent]) -> [UInt8] {
        var table = CSV([
            "number", "rank", "position", "time", "subject", "entry hash", "population", "seed",
            "method",
        ])
        for (index, member) in drawn(from: members).enumerated() {
            table.add([
                "\(index + 1)", rank(of: member).hex, "\(member.position)",
                member.event.recordedTime?.description ?? "", member.event.subject?.text ?? "",
                member.entry.hash.hex, "\(members.count)", Hex.encode(seed),
                "ascending SHA-256(seed ‖ entry hash), the first \(size)",
            ])
        }
        return table.bytes
    }
}
