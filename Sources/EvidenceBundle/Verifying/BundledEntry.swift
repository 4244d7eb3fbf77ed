import EventSourcing
import LedgerCore

/// An entry of a bundle whose event could be read.
struct BundledEntry: Sendable {
    let position: Position
    let hash: Digest
    let event: CloudEvent
    let time: Timestamp

    /// Reads a line of `entries.jsonl`; throws what is wrong with it.
    init(_ line: [UInt8], _ proof: BundleProofs.EntryProof) throws(FormatError) {
        let entry = Entry(
            position: proof.position, previous: proof.previous, hash: proof.hash, eventBytes: line)
        let check = line.withUnsafeBytes { bytes in
            EventCheck.check(bytes) { outcome -> String? in
                if case .bad(_, let detail) = outcome { return detail }
                return nil
            }
        }
        if let check { throw FormatError(check) }
        do throws(EventError) {
            event = try RecordedEvent(entry).event
        } catch {
            throw FormatError(error.description)
        }
        guard let time = event.recordedTime else { throw FormatError("recordedtime is missing") }
        self.time = time
        position = proof.position
        hash = proof.hash
    }

    func has(_ key: IndexKey) -> Bool { event.indexKeys.contains(key) }
}
