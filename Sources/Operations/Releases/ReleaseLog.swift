import BoringDeploy
import EventSourcing
import LedgerCore

/// Reads and writes the streams of releases and environments: one place that knows how our own
/// events become drafts.
package struct ReleaseLog: Sendable {
    package let store: any EventStore
    private let source: EventKey.Source
    private let actor: String?
    private let now: @Sendable () -> Timestamp

    /// - Parameter project: Names the source of the events.
    package init(
        _ store: any EventStore, project: String, actor: String?,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        source = EventKey.Source("/daybook/\(project)")
        self.actor = actor
        self.now = now
    }

    package func history(of stream: StreamName) async throws -> StreamHistory {
        try await store.history(of: stream)
    }

    /// Appends one event right after the version that was read.
    ///
    /// Its id is its place in the stream: of two runners that write there at once, one has a
    /// conflict.
    @discardableResult
    package func append(
        _ payload: some EventPayload, to stream: StreamName, after version: StreamVersion?,
        attaching attachments: [Attachment] = []
    ) async throws(StoreError) -> Receipt {
        let place = (version?.value ?? 0) + 1
        let draft = try draft(payload, to: stream, id: "\(stream)#\(place)")
        let receipts = try await store.append(
            [draft], expecting: version.map { .version($0) } ?? .noStream, attaching: attachments)
        guard let receipt = receipts.first else {
            throw StoreError(.inputOutput, "the store returned no receipt")
        }
        return receipt
    }
}

extension ReleaseLog {
    /// Appends an event once, however often and in whatever words it is told: its id says what it
    /// tells of, and the first telling stays.
    package func appendOnce(
        _ payload: some EventPayload, to stream: StreamName, id: String
    ) async throws(StoreError) -> (position: Position, isDuplicate: Bool) {
        let draft = try draft(payload, to: stream, id: id)
        do throws(StoreError) {
            let receipts = try await store.append([draft], expecting: .any, attaching: [])
            if let receipt = receipts.first { return (receipt.position, receipt.isDuplicate) }
        } catch {
            guard error.code == .conflict else { throw error }
        }
        var query = EntryQuery()
        query.source = source
        query.id = EventKey.ID(id)
        guard let entry = try await store.entries(query).first else {
            throw StoreError(.inputOutput, "the store has no event \(id) after it was appended")
        }
        return (entry.position, true)
    }

    private func draft(
        _ payload: some EventPayload, to stream: StreamName, id: String
    ) throws(StoreError) -> EventDraft {
        do throws(EventError) {
            var event = JSONObject()
            event["specversion"] = "1.0"
            event["id"] = .string(id)
            event["source"] = .string(source.text)
            event["type"] = .string(type(of: payload).definition.type.text)
            event["subject"] = .string(stream.text)
            event["time"] = .string(now().description)
            event["actor"] = actor.map { .string($0) }
            event["data"] = payload.data
            return try EventDraft(CloudEvent(.object(event)), defaulted: ["time", "actor"])
        } catch {
            throw StoreError(.badInput, error.description)
        }
    }
}

extension EventStore {
    /// The streams that have an event of a type, in order of their first.
    package func streams(with type: EventType) async throws -> [StreamName] {
        var streams: [StreamName] = []
        var query = EntryQuery()
        query.type = type
        while true {
            let page = try await entries(query)
            for entry in page {
                guard let subject = try RecordedEvent(entry).event.subject else { continue }
                let stream = StreamName(subject.text)
                if !streams.contains(stream) { streams.append(stream) }
            }
            guard page.count == query.limit, let last = page.last else { return streams }
            query.from = last.position.next
        }
    }

    /// A whole stream.
    package func history(of stream: StreamName) async throws -> StreamHistory {
        var entries: [Entry] = []
        var query = EntryQuery()
        query.stream = stream
        while true {
            let page = try await self.entries(query)
            entries += page
            guard page.count == query.limit, let last = page.last else { break }
            query.from = last.position.next
        }
        return try StreamHistory(stream, entries: entries)
    }
}
