import EventSourcing
import LedgerCore

/// Checks one signed tree head against the root that the entries give.
struct CheckpointCheck {
    /// By whose signature; nil if the ledger names no key and none was given.
    let key: VerifierKey?

    /// What the entries say of a size.
    enum Root: Sendable {
        case known(Digest)
        /// The ledger has fewer entries.
        case beyondEnd
        /// Entries before are missing or unreadable, which is a finding of its own.
        case unknown
    }

    /// What is wrong; nil if nothing is.
    func fault(_ note: SignedNote, size: TreeSize, root: Root) -> String? {
        guard let key else { return "there is no key to check its signature by" }
        let checkpoint: Checkpoint
        do throws(NoteError) {
            checkpoint = try Checkpoint(verifying: note, by: key)
        } catch {
            return error.description
        }
        guard checkpoint.size == size else {
            return "its size is \(checkpoint.size), its row says \(size)"
        }
        switch root {
        case .unknown: return nil
        case .beyondEnd:
            return
                "it covers \(size) entries, more than there are: the end was removed, or the ledger was "
                + "replaced by an older copy"
        case .known(let root):
            return root == checkpoint.root
                ? nil : "its root is not that of the first \(size) entries: they were rewritten"
        }
    }
}
