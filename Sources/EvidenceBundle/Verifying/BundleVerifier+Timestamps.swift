import EventSourcing
import LedgerCore

/// Time stamps of checkpoints (docs/spec/bundle.md, "Timestamps").
extension BundleVerifier {
    mutating func checkTimestamps() {
        let stamped = entries.filter {
            $0.event.type == CheckpointTimestamped.definition.type
                && $0.event.subject == LedgerCreated.stream
        }
        for entry in stamped {
            for fault in faults(of: entry.event.data ?? .null) {
                find(
                    .timestamp, fault, file: BundlePaths.entries, line: entry.line,
                    at: entry.position)
            }
        }
        guard !stamped.isEmpty, trust.authorities == nil else { return }
        leaveUnchecked(
            "who signed the time stamp\(stamped.count == 1 ? "" : "s"): give the authority's "
                + "certificates with --timestamp-ca")
    }

    private func faults(of data: JSONValue) -> [String] {
        let stamp: CheckpointTimestamped
        do throws(EventError) {
            stamp = try CheckpointTimestamped(data: data)
        } catch {
            return [error.description]
        }
        guard let note = files[BundlePaths.attachment(stamp.note)],
            let response = files[BundlePaths.attachment(stamp.response)]
        else { return ["the checkpoint or its time stamp is not in the bundle"] }
        var faults: [String] = []
        if let key, let fault = stamp.fault(of: note, signedBy: key) { faults.append(fault) }
        if let proofs,
            !proofs.consistency.contains(where: { $0.size == stamp.size && $0.root == stamp.root })
        {
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
