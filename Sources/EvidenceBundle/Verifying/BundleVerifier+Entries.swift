import EventSourcing
import LedgerCore

extension BundleVerifier {
    mutating func checkEntries() {
        guard let bytes = files[BundlePaths.entries], let proofs else { return }
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.popLast()?.isEmpty != true {
            find(.entry, "the last line has no end", file: BundlePaths.entries)
        }
        count(entries: lines.count)
        if lines.count != proofs.entries.count {
            find(
                .entry, "there are \(lines.count) entries and \(proofs.entries.count) proofs",
                file: BundlePaths.entries)
        }
        var hasher = EntryHasher()
        var last: BundleProofs.EntryProof?
        for (index, (line, proof)) in zip(lines, proofs.entries).enumerated() {
            let line = Array(line)
            for fault in faults(of: line, proof, after: last, with: &hasher) {
                find(
                    .entry, fault, file: BundlePaths.entries, line: index + 1, at: proof.position)
            }
            do throws(FormatError) {
                entries[proof.position] = try BundledEntry(line, proof)
            } catch {
                find(
                    .entry, error.description, file: BundlePaths.entries, line: index + 1,
                    at: proof.position)
            }
            last = proof
        }
        checkFirst(lines.first.map { Array($0) }, proofs.entries.first)
    }

    private func faults(
        of line: [UInt8], _ proof: BundleProofs.EntryProof, after last: BundleProofs.EntryProof?,
        with hasher: inout EntryHasher
    ) -> [String] {
        var faults: [String] = []
        if hasher.hash(previous: proof.previous, eventBytes: line) != proof.hash {
            faults.append("the event is not the one that was hashed")
        }
        if let last, proof.position <= last.position {
            faults.append("position \(proof.position) does not come after \(last.position)")
        }
        if let last, last.position.next == proof.position, last.hash != proof.previous {
            faults.append("the hash of the entry before is another")
        }
        if proof.position == .first, proof.previous != .zero {
            faults.append("the first entry follows another")
        }
        if let manifest,
            !proof.path.verifies(
                proof.hash, at: proof.position, in: manifest.checkpointSize,
                root: manifest.checkpointRoot)
        {
            faults.append("its path does not lead to the checkpoint")
        }
        return faults
    }

    private mutating func checkFirst(_ line: [UInt8]?, _ proof: BundleProofs.EntryProof?) {
        guard let line, let proof, proof.position == .first else {
            return find(
                .entry, "the first entry is not position 0", file: BundlePaths.entries, line: 1)
        }
        let created = try? LedgerCreated(eventBytes: line)
        guard let created, manifest.map({ $0.key == created.key }) ?? true else {
            return find(
                .entry, "position 0 is of another ledger", file: BundlePaths.entries, line: 1,
                at: .first)
        }
    }

    mutating func checkSeal() {
        guard let manifest, let proofs, files[BundlePaths.entries] != nil else { return }
        let position = manifest.sealPosition
        if manifest.checkpointSize != TreeSize(through: position) {
            find(.seal, "the checkpoint does not end with the seal", at: position)
        }
        guard let last = proofs.entries.last, last.position == position,
            let entry = entries[position]
        else { return find(.seal, "the last entry is not the seal", at: position) }
        guard entry.event.type == LedgerSealed.definition.type,
            entry.event.subject == LedgerCreated.stream,
            let sealed = try? LedgerSealed(data: entry.event.data ?? .null),
            sealed == manifest.sealed, sealed.size.value <= position.value
        else {
            return find(.seal, "the last entry is not the seal of the manifest", at: position)
        }
        for proof in proofs.entries.dropLast() where !sealed.size.covers(proof.position) {
            find(.seal, "the seal does not cover the entry", at: proof.position)
        }
    }
}
