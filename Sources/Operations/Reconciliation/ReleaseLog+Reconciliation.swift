import BoringDeploy
import EventSourcing
import LedgerCore

extension ReleaseLog {
    package struct RecordedReconciliation: Sendable {
        package let completed: ReconciliationCompleted
        package let receipt: Receipt
    }

    /// Records what was compared, with all discrepancies and the lists that were given.
    package func record(
        _ results: [Reconciled], project: String,
        _ lists: [(name: String, attachment: Attachment)], people: [Person]
    ) async throws -> RecordedReconciliation {
        let explained = try await store.explanations().filter { $0.fault(in: people) == nil }
        let all = Attachment(CanonicalJSONWriter.bytes(of: .array(results.map(\.json))))
        let named = [(name: "reconciliation.json", attachment: all)] + lists
        let completed = ReconciliationCompleted(
            project: project, size: try await store.head().size, results,
            explained: Set(explained.map(\.discrepancy)),
            attachments: named.map { AttachmentName($0.name, $0.attachment) })
        let receipt = try await append(completed, attaching: named.map(\.attachment))
        return RecordedReconciliation(completed: completed, receipt: receipt)
    }

    /// Appends to the stream of reconciliations.
    package func append(
        _ payload: some EventPayload, attaching attachments: [Attachment] = []
    ) async throws -> Receipt {
        let version = try await store.history(of: ReconciliationLog.stream).streamVersion
        return try await append(
            payload, to: ReconciliationLog.stream, after: version, attaching: attachments)
    }
}

extension Reconciled {
    fileprivate var json: JSONValue {
        [
            "source": .string(source), "outside": .integer(outside), "matched": .integer(matched),
            "discrepancies": .array(discrepancies.map(\.json)),
        ]
    }
}

extension EventStore {
    package typealias FoundReconciliation = (
        position: Position, hash: Digest, completed: ReconciliationCompleted
    )

    /// Nil if nothing was reconciled yet.
    package func newestReconciliation() async throws -> FoundReconciliation? {
        let history = try await history(of: ReconciliationLog.stream)
        return history.all(ReconciliationCompleted.self).last.map {
            ($0.fact.position, $0.fact.hash, $0.payload)
        }
    }

    /// All that a reconciliation found, explained or not; what its event names, if the attachment is
    /// not there or cannot be read.
    package func discrepancies(of completed: ReconciliationCompleted) async throws -> [Discrepancy]
    {
        guard let name = completed.attachments.first(where: { $0.name == "reconciliation.json" }),
            let file = try await attachment(name.digest),
            let value = try? StrictJSONParser.parse(file.bytes),
            let all = try? ReconciliationCompleted.discrepancies(in: value),
            // An attachment that says something else than the event is not believed.
            all.count == completed.unexplainedCount + completed.explainedCount
        else { return completed.unexplained }
        return all
    }

    package func explanations() async throws -> [DiscrepancyExplained] {
        try await history(of: ReconciliationLog.stream).all(DiscrepancyExplained.self).map(
            \.payload)
    }
}
