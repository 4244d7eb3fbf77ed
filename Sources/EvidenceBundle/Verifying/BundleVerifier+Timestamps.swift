import EventSourcing
import LedgerCore

/// Time stamps of checkpoints (docs/spec/bundle.md, "Timestamps").
extension BundleVerifier {
    mutating func checkTimestamps() {
        let stamped = entries.filter {
            $0.event.type == CheckpointTimestamped.definition.type
                && $0.event.subject == LedgerCreated.stream
        }
        let roots = proofs.map {
            Dictionary($0.consistency.map { ($0.size, $0.root) }, uniquingKeysWith: { $1 })
        }
        for entry in stamped {
            let faults = faults(of: entry.event.data ?? .null, roots)
            for fault in faults {
                find(
                    .timestamp, fault, file: BundlePaths.entries, line: entry.line,
                    at: entry.position)
            }
            guard faults.isEmpty, trust.authorities != nil, let position = entry.position,
                let stamp = try? CheckpointTimestamped(data: entry.event.data ?? .null)
            else { continue }
            note(RecordedStamp(position: position, size: stamp.size, time: stamp.time))
        }
        if stamped.isEmpty, trust.authorities != nil {
            leaveOpen("time stamps: the bundle holds none")
        }
        guard !stamped.isEmpty, trust.authorities == nil else { return }
        leaveUnchecked(
            "who signed the time stamp\(stamped.count == 1 ? "" : "s"): give the authority's "
                + "certificates with --timestamp-ca")
    }

    /// - Parameter roots: Of the older logs that are proven to go on, by their sizes.
    private func faults(of data: JSONValue, _ roots: [TreeSize: Digest]?) -> [String] {
        let stamp: CheckpointTimestamped
        do throws(EventError) {
            stamp = try CheckpointTimestamped(data: data)
        } catch {
            return [error.description]
        }
        guard let note = files[BundlePaths.attachment(stamp.note)],
            let response = files[BundlePaths.attachment(stamp.response)]
        else { return ["the checkpoint or its time stamp is not in the bundle"] }
        guard max(note.count, response.count) <= 1 << 20 else {
            return ["the checkpoint or its time stamp has more than 1 MiB"]
        }
        var faults: [String] = []
        if let key, let fault = stamp.fault(of: note, signedBy: key) { faults.append(fault) }
        if let roots, roots[stamp.size] != stamp.root {
            faults.append("there is no proof that the log continues the stamped checkpoint")
        }
        if let authorities = trust.authorities,
            let fault = stamp.fault(of: response, over: note, by: authorities)
        {
            faults.append(fault)
        }
        return faults
    }
}
