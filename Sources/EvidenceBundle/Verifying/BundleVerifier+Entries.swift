import EventSourcing
import LedgerCore

extension BundleVerifier {
    mutating func checkEntries() {
        guard let bytes = files[BundlePaths.entries] else { return }
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true {
            lines.removeLast()
        } else {
            find(.entry, "the last line has no end", file: BundlePaths.entries)
        }
        count(entries: lines.count)
        if let proofs, lines.count != proofs.entries.count {
            find(
                .entry, "there are \(lines.count) entries and \(proofs.entries.count) proofs",
                file: BundlePaths.entries)
        }
        var hasher = EntryHasher()
        var last: BundleProofs.EntryProof?
        for (index, line) in lines.enumerated() {
            let bytes = Array(line)
            let proof = proofs.flatMap {
                $0.entries.indices.contains(index) ? $0.entries[index] : nil
            }
            var faults = proof.map { self.faults(of: bytes, $0, after: last, with: &hasher) } ?? []
            do throws(FormatError) {
                entries.append(try BundledEntry(bytes, line: index + 1, proof))
            } catch {
                faults.append(error.description)
            }
            for fault in faults {
                find(
                    .entry, fault, file: BundlePaths.entries, line: index + 1, at: proof?.position)
            }
            last = proof ?? last
        }
        checkFirst(lines.first.map { Array($0) })
        checkOrder()
    }

    /// What entries of one log say of each other.
    private mutating func checkOrder() {
        var last: Timestamp?
        var versions: [StreamName: StreamVersion] = [:]
        var keys: Set<EventKey> = []
        for entry in entries {
            var faults: [String] = []
            if entry.event.type == LedgerCreated.definition.type, entry.line > 1 {
                faults.append("a ledger is created once, at position 0")
            }
            if let last, entry.time < last {
                faults.append("it was recorded before the entry before")
            }
            last = entry.time
            if !keys.insert(entry.event.key).inserted {
                faults.append("its source and id are those of an entry before")
            }
            if let subject = entry.event.subject, let version = entry.event.streamVersion {
                if let before = versions[subject], version <= before {
                    faults.append("its streamversion does not follow that of an entry before")
                }
                versions[subject] = version
            }
            for fault in faults {
                find(
                    .entry, fault, file: BundlePaths.entries, line: entry.line, at: entry.position)
            }
        }
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
        if let checkpoint,
            !proof.path.verifies(
                proof.hash, at: proof.position, in: checkpoint.size, root: checkpoint.root)
        {
            faults.append("its path does not lead to the checkpoint")
        }
        return faults
    }

    private mutating func checkFirst(_ line: [UInt8]?) {
        guard let line, proofs == nil || proofs?.entries.first?.position == .first else {
            return find(
                .entry, "the first entry is not position 0", file: BundlePaths.entries, line: 1)
        }
        let created = try? LedgerCreated(eventBytes: line)
        guard let created,
            manifest.map({ $0.key == created.key && $0.origin.isSameText(as: created.origin.text) })
                ?? true
        else {
            return find(
                .entry, "position 0 is of another ledger", file: BundlePaths.entries, line: 1,
                at: .first)
        }
    }
}
