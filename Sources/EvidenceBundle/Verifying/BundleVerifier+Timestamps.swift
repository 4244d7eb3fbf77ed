import EventSourcing
import LedgerCore

/// Time stamps of checkpoints: what can be checked without an authority's certificates.
extension BundleVerifier {
    private static let type = EventType("dev.daybook.checkpoint.timestamped.v1")

    mutating func checkTimestamps() {
        let stamped = entries.filter {
            $0.event.type == Self.type && $0.event.subject == LedgerCreated.stream
        }
        for entry in stamped {
            do throws(FormatError) {
                try check(entry.event.data ?? .null)
            } catch {
                find(
                    .timestamp, error.description, file: BundlePaths.entries, line: entry.line,
                    at: entry.position)
            }
        }
        guard !stamped.isEmpty else { return }
        leaveUnchecked(
            "the signatures of \(stamped.count) time stamps: openssl ts -verify checks them (VERIFY.md)"
        )
    }

    private func check(_ data: JSONValue) throws(FormatError) {
        let object = try StrictObject(
            data, at: "data", members: ["attachments", "authority", "root", "size", "time"])
        let (size, root) = (TreeSize(try object.number("size")), try object.digest("root"))
        _ = try object.text("authority")
        guard Timestamp(recorded: try object.text("time")) != nil else {
            throw FormatError("data.time is not a time like a recordedtime")
        }
        let attachments = try object.list("attachments") { (value, path) throws(FormatError) in
            let object = try StrictObject(value, at: path, members: ["digest", "name"])
            return (name: try object.text("name"), digest: try object.text("digest"))
        }
        guard attachments.map(\.name) == ["checkpoint.txt", "timestamp.tsr"],
            let note = attachments.first.flatMap({ Digest(reference: $0.digest) }),
            let token = attachments.last.flatMap({ Digest(reference: $0.digest) })
        else { throw FormatError("the attachments are not checkpoint.txt and timestamp.tsr") }
        guard let bytes = files[BundlePaths.attachment(note)],
            files[BundlePaths.attachment(token)] != nil
        else { throw FormatError("the checkpoint or its time stamp is not in the bundle") }
        if let key {
            do throws(NoteError) {
                let checkpoint = try Checkpoint(verifying: SignedNote(parsing: bytes), by: key)
                guard checkpoint.size == size, checkpoint.root == root else {
                    throw NoteError("the checkpoint is of another size or root")
                }
            } catch {
                throw FormatError(error.description)
            }
        }
        guard let proofs else { return }
        guard proofs.consistency.contains(where: { $0.size == size && $0.root == root }) else {
            throw FormatError("there is no proof that the log continues the stamped checkpoint")
        }
    }
}
