import EventSourcing
import LedgerCore

extension BundleVerifier {
    mutating func checkSeal() {
        guard let manifest else { return }
        let position = manifest.sealPosition
        if manifest.checkpointSize != TreeSize(through: position) {
            find(.seal, "the checkpoint does not end with the seal", at: position)
        }
        guard let entry = entries.last(where: { $0.position == position }),
            entries.allSatisfy({ ($0.position ?? position) <= position })
        else { return find(.seal, "the last entry is not the seal", at: position) }
        guard entry.isOf(LedgerSealed.self),
            let sealed = try? LedgerSealed(data: entry.event.data ?? .null),
            sealed == manifest.sealed, sealed.size.value == position.value
        else {
            return find(.seal, "the last entry is not the seal of the manifest", at: position)
        }
        note(sealedAt: entry.time)
        let beyond = entries.compactMap(\.position).first {
            $0 != position && !sealed.size.covers($0)
        }
        if let beyond { find(.seal, "the seal does not cover the entry", at: beyond) }
    }
}
