import EventSourcing
import LedgerCore

/// What comes from outside, checkpoints and receipts, against the log as it was read.
struct TrustCheck {
    let trust: Trust
    let connections: ConnectionPool
    let key: VerifierKey?
    let tree: TreeComparison
    let end: Int64

    func findings() -> [Finding] {
        let check = CheckpointCheck(key: key)
        var findings: [Finding] = []
        for evidence in trust.checkpoints {
            guard let size = evidence.value.claimedSize else {
                findings.append(
                    Finding(.trustedCheckpoint, at: nil, "\(evidence.source) is no checkpoint"))
                continue
            }
            guard let fault = fault(of: evidence.value, size: size, check) else { continue }
            let position = size.last.map { Int64(clamping: $0.value) }
            findings.append(
                Finding(.trustedCheckpoint, at: position, "\(evidence.source): \(fault)"))
        }
        for evidence in trust.receipts {
            let position = Int64(clamping: evidence.value.position.value)
            for fault in faults(of: evidence.value, check) {
                findings.append(
                    Finding(.trustedReceipt, at: position, "\(evidence.source): \(fault)"))
            }
        }
        return findings
    }

    private func faults(of receipt: TrustedReceipt, _ check: CheckpointCheck) -> [String] {
        var faults: [String] = []
        let entry: Entry?
        do {
            entry = try connections.use {
                try EntryRow.fetchOne(
                    $0, where: "e.position = ?", [Int64(clamping: receipt.position.value)])
            }
        } catch {
            return ["the entry cannot be read: \(error)"]
        }
        if let entry {
            faults += receipt.contradictions(entry)
            if entry.hash != receipt.hash { faults.append("the entry has another hash") }
            if entry.previous != receipt.previous {
                faults.append("the entry before has another hash")
            }
        } else {
            faults.append("the entry is not in the ledger")
        }
        guard let size = receipt.checkpoint.claimedSize, size.covers(receipt.position) else {
            return faults + ["its checkpoint does not cover its position"]
        }
        if let fault = fault(of: receipt.checkpoint, size: size, check) {
            faults.append("its checkpoint: \(fault)")
        }
        return faults
    }

    /// What comes from outside must be confirmed: a root that is not known is a fault, too.
    private func fault(
        of note: SignedNote, size: TreeSize, _ check: CheckpointCheck
    ) -> String? {
        let root = size.value > UInt64(end) ? CheckpointCheck.Root.beyondEnd : tree.root(at: size)
        if let fault = check.fault(note, size: size, root: root) { return fault }
        guard case .unknown = root else { return nil }
        return "not all of its \(size) entries could be read, so it is not confirmed"
    }
}

extension Trust {
    /// The sizes whose roots are needed to check what comes from outside.
    var sizes: [TreeSize] {
        (checkpoints.map(\.value) + receipts.map(\.value.checkpoint)).compactMap(\.claimedSize)
    }
}

extension SignedNote {
    /// The size that it states, whoever signed it.
    fileprivate var claimedSize: TreeSize? { try? Checkpoint(parsing: text).size }
}
