import EventSourcing
import LedgerCore

extension BundleVerifier {
    mutating func checkSeal() {
        guard let manifest, let proofs else { return }
        let position = manifest.sealPosition
        if manifest.checkpointSize != TreeSize(through: position) {
            find(.seal, "the checkpoint does not end with the seal", at: position)
        }
        // Of lines that cannot be read as well. Where several claim the seal's position, the last is meant.
        let placed = Array(zip(1..., proofs.entries.map(\.position)).prefix(report.entries))
        let line = placed.last { $0.1 == position }?.0
        guard let entry = entries.first(where: { $0.line == line }),
            placed.allSatisfy({ $0.1 <= position })
        else { return find(.seal, "the last entry is not the seal", at: position) }
        guard entry.isOf(LedgerSealed.self),
            let sealed = try? LedgerSealed(data: entry.event.data ?? .null),
            sealed == manifest.sealed, sealed.size.value == position.value
        else {
            return find(.seal, "the last entry is not the seal of the manifest", at: position)
        }
        note(sealedAt: entry.time)
        let beyond = placed.first { $0.0 != line && !sealed.size.covers($0.1) }
        if let (_, other) = beyond {
            find(.seal, "the seal does not cover the entry", at: other)
        }
    }
}
