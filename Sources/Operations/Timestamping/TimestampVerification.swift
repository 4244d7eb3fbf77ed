import EventSourcing
import LedgerCore

/// That every time stamp of a ledger is by an authority that is trusted, over a checkpoint of this
/// log (docs/spec/verification.md, `timestamp`). For a ledger that is sound otherwise.
package struct TimestampVerification: Sendable {
    /// What authorities say, where nothing is wrong with it, in order.
    package private(set) var stamps: [RecordedStamp] = []
    package private(set) var findings: [Finding] = []

    package init(
        of log: any EventStore, by authorities: TimestampAuthorities
    ) async throws(StoreError) {
        guard let first = try await log.entry(at: .first),
            let created = try? LedgerCreated(eventBytes: first.eventBytes)
        else { throw StoreError(.damaged, "the ledger has no key at position 0") }
        var query = EntryQuery(from: .first)
        query.type = CheckpointTimestamped.definition.type
        while true {
            let page = try await log.entries(query)
            for entry in page {
                guard let event = try? RecordedEvent(entry).event,
                    event.subject == LedgerCreated.stream
                else { continue }
                let fault: String?
                do throws(StoreError) {
                    fault = try await Self.fault(
                        of: event.data ?? .null, at: entry.position, in: log, created.key,
                        authorities)
                } catch {
                    fault = error.description
                }
                guard let fault else {
                    if let stamp = try? CheckpointTimestamped(data: event.data ?? .null) {
                        stamps.append(
                            RecordedStamp(
                                position: entry.position, size: stamp.size, time: stamp.time))
                    }
                    continue
                }
                let position = Int64(clamping: entry.position.value)
                findings.append(Finding(.timestamp, at: position, fault))
            }
            guard let last = page.last, page.count == query.limit else { return }
            query.from = last.position.next
        }
    }

    private static func fault(
        of data: JSONValue, at position: Position, in log: any EventStore, _ key: VerifierKey,
        _ authorities: TimestampAuthorities
    ) async throws(StoreError) -> String? {
        let stamp: CheckpointTimestamped
        do throws(EventError) {
            stamp = try CheckpointTimestamped(data: data)
        } catch {
            return error.description
        }
        guard let note = try await log.attachment(stamp.note)?.bytes,
            let response = try await log.attachment(stamp.response)?.bytes
        else { return "the checkpoint or its time stamp is not in the ledger" }
        if let fault = stamp.fault(of: note, signedBy: key) { return fault }
        let stored = try await log.checkpoint(of: stamp.size)
        guard stamp.size.value <= position.value,
            let checkpoint = stored.flatMap({ try? Checkpoint(parsing: $0.text) }),
            checkpoint.root == stamp.root
        else { return "its checkpoint of size \(stamp.size) is not one of this log" }
        return stamp.fault(of: response, over: note, by: authorities)
    }
}
