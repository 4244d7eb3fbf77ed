import BoringDeploy
import EventSourcing
import LedgerCore

extension BundleSelection {
    /// The newest reconciliation below the seal, with everything that was ever explained.
    mutating func addReconciliation() async throws {
        var query = EntryQuery()
        query.type = ReconciliationCompleted.definition.type
        query.isNewestFirst = true
        query.end = Position(size.value)
        query.limit = 1
        guard let newest = try await log.entries(query).first else { return }
        var found = [newest]
        try await forEach(type: DiscrepancyExplained.definition.type) { found.append($0) }
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
