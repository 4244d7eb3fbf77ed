import BoringDeploy
import EventSourcing
import LedgerCore

extension BundleSelection {
    /// The newest reconciliation below the seal, with everything that was ever explained.
    mutating func addReconciliation() async throws {
        var newest: Entry?
        // One that cannot be read, or is of another stream, is none of ours.
        try await forEach(type: ReconciliationCompleted.definition.type) { entry in
            let history = try StreamHistory(ReconciliationLog.stream, entries: [entry])
            guard try RecordedEvent(entry).event.subject == ReconciliationLog.stream,
                !history.all(ReconciliationCompleted.self).isEmpty
            else { return }
            newest = entry
        }
        guard let newest else { return }
        var found = [newest]
        try await forEach(type: DiscrepancyExplained.definition.type) { entry in
            guard try RecordedEvent(entry).event.subject == ReconciliationLog.stream else { return }
            found.append(entry)
        }
        for entry in found { add(entry) }
        reconciliations = found.map(\.position).sorted()
    }

    /// - Parameter people: Whose signatures are taken.
    func reconciliation(people: [Person]?) async throws -> ReconciliationEvidence? {
        let history = try StreamHistory(
            ReconciliationLog.stream, entries: reconciliations.compactMap { entries[$0] })
        guard let completed = history.all(ReconciliationCompleted.self).last?.payload else {
            return nil
        }
        return ReconciliationEvidence(
            history, discrepancies: try await log.discrepancies(of: completed), people: people)
    }
}
