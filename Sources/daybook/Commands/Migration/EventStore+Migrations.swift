import BoringDeploy
import EventSourcing
import LedgerCore

extension EventStore {
    /// The newest cut of a release; nil before it was cut.
    func newestCut(of release: StreamName) async throws -> ReleaseCut? {
        var query = EntryQuery()
        query.stream = release
        query.type = ReleaseCut.definition.type
        guard let data = try await all(query).last?.event.data else { return nil }
        return try ReleaseCut(data: data)
    }

    /// Every rehearsal, oldest first.
    func rehearsals() async throws -> [MigrationRehearsed] {
        var query = EntryQuery()
        query.type = MigrationRehearsed.definition.type
        return try await all(query).map { try MigrationRehearsed(data: $0.event.data ?? .null) }
    }

    private func all(_ query: EntryQuery) async throws -> [RecordedEvent] {
        var query = query
        var found: [RecordedEvent] = []
        while true {
            let page = try await entries(query)
            for entry in page { found.append(try RecordedEvent(entry)) }
            guard page.count == query.limit, let last = page.last else { return found }
            query.from = last.position.next
        }
    }
}
