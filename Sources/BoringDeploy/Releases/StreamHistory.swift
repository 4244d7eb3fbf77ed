import EventSourcing
import LedgerCore

/// One release's stream, read once: what has been recorded of it, in order. Everything else about a
/// release is asked of this.
package struct StreamHistory: Sendable {
    /// An event of the stream, upcast to its newest version.
    package struct Fact: Sendable {
        /// Without version, as `dev.daybook.release.cut`; a foreign type as it is.
        package let type: String
        /// As it was recorded, with its version: `dev.daybook.release.cut.v1`.
        package let recordedType: String
        package let data: JSONValue
        package let hash: Digest
        package let position: Position
        package let recordedTime: Timestamp
        package let actor: String?
        /// Whether it is one of our types, and its data could be read. A foreign type that looks like
        /// one of ours is none.
        let isKnown: Bool

        func isOf<Payload: EventPayload>(_ payload: Payload.Type) -> Bool {
            isKnown && type.isSameText(as: Payload.definition.name)
        }
    }

    /// As `release/shop/1.5.0`.
    package let stream: StreamName
    package let facts: [Fact]
    /// Nil for a stream that is not there yet.
    package let streamVersion: StreamVersion?

    init(_ stream: StreamName, facts: [Fact]) {
        self.stream = stream
        self.facts = facts
        streamVersion = facts.isEmpty ? nil : StreamVersion(Int64(facts.count))
    }

    package init(_ stream: StreamName, entries: [Entry]) throws(EventError) {
        var facts: [Fact] = []
        for entry in entries {
            let event = try RecordedEvent(entry).event
            // One of our types with data that cannot be read counts for nothing, as a foreign one.
            let payload = try? Catalogue.events.payload(of: event)
            facts.append(
                Fact(
                    type: payload.map { Swift.type(of: $0).definition.name } ?? event.type.text,
                    recordedType: event.type.text,
                    data: payload?.data ?? event.data ?? .null, hash: entry.hash,
                    position: entry.position,
                    recordedTime: event.recordedTime ?? Timestamp(microseconds: 0),
                    actor: event.object["actor"]?.string, isKnown: payload != nil))
        }
        self.init(stream, facts: facts)
    }

    /// The payloads of a type, oldest first, with the facts that they were read from.
    package func all<Payload: EventPayload>(
        _ payload: Payload.Type
    ) -> [(fact: Fact, payload: Payload)] {
        facts.compactMap { fact in
            guard fact.isOf(payload), let read = try? Payload(data: fact.data) else { return nil }
            return (fact, read)
        }
    }

    /// The newest cut, to which approvals and evidence bind.
    package var cut: (fact: Fact, payload: ReleaseCut)? { all(ReleaseCut.self).last }

    /// The stream from the newest cut on; all of it without one.
    package var ofNewestCut: StreamHistory {
        guard let cut else { return self }
        return StreamHistory(stream, facts: facts.filter { $0.position >= cut.fact.position })
    }

    /// What was recorded after the newest cut.
    package func sinceCut<Payload: EventPayload>(
        _ payload: Payload.Type
    ) -> [(fact: Fact, payload: Payload)] {
        guard let cut else { return [] }
        return all(payload).filter { $0.fact.position > cut.fact.position }
    }
}

extension StreamName {
    package static func release(_ project: String, _ version: String) -> StreamName {
        StreamName("release/\(project)/\(version)")
    }

    /// As commands take it: `shop/1.5.0`.
    package var shortName: String {
        text.hasPrefix("release/") ? String(text.dropFirst("release/".count)) : text
    }

    package static func environment(_ name: String) -> StreamName {
        StreamName("environment/\(name)")
    }
}
