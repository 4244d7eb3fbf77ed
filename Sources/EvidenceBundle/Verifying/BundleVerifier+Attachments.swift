import EventSourcing
import LedgerCore

extension BundleVerifier {
    mutating func checkAttachments() {
        guard files[BundlePaths.entries] != nil else { return }
        var referred: Set<Digest> = []
        let withheld = Set(manifest?.withheld ?? [])
        for entry in entries {
            for digest in entry.event.attachments {
                referred.insert(digest)
                guard manifest != nil, files[BundlePaths.attachment(digest)] == nil,
                    !withheld.contains(digest)
                else { continue }
                find(
                    .attachment, "\(digest.reference) is missing",
                    file: BundlePaths.attachment(digest), at: entry.position)
            }
        }
        for digest in manifest?.withheld ?? [] {
            if !referred.contains(digest) {
                find(.attachment, "nothing refers to \(digest.reference), which is withheld")
            }
            if files[BundlePaths.attachment(digest)] != nil {
                let file = BundlePaths.attachment(digest)
                find(.attachment, "\(digest.reference) is withheld, and there", file: file)
            }
        }
        let names = Set(referred.map(BundlePaths.attachment))
        for (path, bytes) in files.sorted(by: { $0.key < $1.key })
        where path.utf8.starts(with: BundlePaths.attachments.utf8) {
            if !names.contains(path) {
                find(.attachment, "nothing refers to \(path)", file: path)
            } else if BundlePaths.attachment(SHA256.hash(bytes)) != path {
                find(.attachment, "the bytes of \(path) were changed", file: path)
            }
        }
    }
}
