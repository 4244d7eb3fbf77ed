import EventSourcing
import LedgerCore

/// A random sample that anybody can draw again: the members are ranked by SHA-256(seed ‖ entry
/// hash), and the first are taken. The seed is the seal's entry hash, unless another is given:
/// nobody knows it before the population is closed.
package struct EvidenceSample: Sendable {
    /// Nil for the seal's entry hash.
    package let seed: [UInt8]?
    package let size: Int

    package init(seed: [UInt8]? = nil, size: Int = 25) {
        self.seed = seed
        self.size = size
    }

    func csv(of members: [RecordedEvent], _ seal: RecordedSeal) -> [UInt8] {
        let seed = seed ?? seal.hash.bytes
        let drawn = members.map { (rank: SHA256.hash(seed + $0.entry.hash.bytes), member: $0) }
            .sorted { $0.rank.bytes.lexicographicallyPrecedes($1.rank.bytes) }.prefix(size)
        var table = CSV([
            "number", "rank", "position", "time", "subject", "entry hash", "population", "seed",
            "method",
        ])
        for (index, (rank, member)) in drawn.enumerated() {
            table.add([
                "\(index + 1)", rank.hex, "\(member.position)",
                member.event.recordedTime?.description ?? "", member.event.subject?.text ?? "",
                member.entry.hash.hex, "\(members.count)", Hex.encode(seed),
                "ascending SHA-256(seed ‖ entry hash), the first \(size)",
            ])
        }
        return table.bytes
    }
}
