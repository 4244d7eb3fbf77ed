import EventSourcing
import LedgerCore

extension BundleVerifier {
    mutating func checkTrustedKey() {
        key = trust.key ?? manifest?.key
        guard let trusted = trust.key, let manifest, trusted != manifest.key else { return }
        find(.trustedKey, "the bundle is of another ledger, whose key is \(manifest.key)")
    }

    mutating func checkCheckpoint() {
        let file = BundlePaths.checkpoint
        guard let bytes = files[file] else { return }
        do throws(NoteError) {
            checkpoint = try Checkpoint(parsing: SignedNote(parsing: bytes).text)
        } catch {
            find(.checkpoint, error.description, file: file)
        }
        guard let key else { return }
        do throws(NoteError) {
            guard checkpoint != nil else { return }
            let checkpoint = try Checkpoint(verifying: SignedNote(parsing: bytes), by: key)
            guard let manifest else { return }
            if !checkpoint.origin.text.isSameText(as: manifest.origin)
                || checkpoint.size != manifest.checkpointSize
                || checkpoint.root != manifest.checkpointRoot
            {
                find(.checkpoint, "the checkpoint is not the one of the manifest", file: file)
            }
        } catch {
            find(.checkpoint, error.description, file: file)
        }
        for (source, note) in trust.checkpoints { check(note, from: source, key) }
    }

    /// A checkpoint from outside.
    private mutating func check(_ note: SignedNote, from source: String, _ key: VerifierKey) {
        let trusted: Checkpoint
        do throws(NoteError) {
            trusted = try Checkpoint(verifying: note, by: key)
        } catch {
            return find(.trustedCheckpoint, "\(source): \(error)")
        }
        guard let manifest else { return }
        if trusted.size == manifest.checkpointSize {
            if trusted.root != manifest.checkpointRoot {
                find(
                    .trustedCheckpoint, "\(source): the bundle is of another log: its root differs")
            }
            return
        }
        if let known = proofs?.consistency.first(where: { $0.size == trusted.size }) {
            if known.root != trusted.root {
                find(
                    .trustedCheckpoint, "\(source): the bundle is of another log: its root differs")
            }
        } else if proofs != nil {
            leaveOpen(
                "\(source): the bundle has no proof from size \(trusted.size); export it again with "
                    + "--from \(trusted.size)")
        }
    }

    mutating func checkConsistency() {
        guard let proofs, let checkpoint else { return }
        for older in proofs.consistency
        where !older.path.verifies(
            from: older.size, root: older.root, to: checkpoint.size, root: checkpoint.root)
        {
            find(
                .proof, "the log of size \(older.size) does not lead to the checkpoint",
                file: BundlePaths.proofs)
        }
    }
}
