import LedgerCore

/// One document for each stream: how many events it has, and which was the last.
package struct StreamsProjection: Projection {
    package let name = "streams"
    package let version = 1

    package init() {}

    package func keys(of event: RecordedEvent) -> [DocumentKey] {
        event.event.subject.map { [DocumentKey($0.text)] } ?? []
    }

    package func evolve(
        _ document: JSONValue?, at key: DocumentKey, with event: RecordedEvent
    ) -> JSONValue? {
        [
            "events": .number(Double(event.event.streamVersion?.value ?? 0)),
            "last": [
                "position": .number(Double(event.position.value)),
                "recordedtime": .string(event.event.recordedTime?.description ?? ""),
                "type": .string(event.event.type.text),
            ],
        ]
    }
}
