import LedgerCore

/// The types of events that a program knows. Others are foreign: kept and shown as they are.
package struct EventCatalogue: Sendable {
    private let payloads: [String: any EventPayload.Type]

    package init(_ payloads: [any EventPayload.Type]) {
        self.payloads = Dictionary(uniqueKeysWithValues: payloads.map { ($0.definition.name, $0) })
    }

    package var definitions: [EventDefinition] {
        payloads.values.map { $0.definition }.sorted { $0.name < $1.name }
    }

    /// Whether a type is one of these in another version, or without one.
    package func names(like type: String) -> Bool {
        payloads[type] != nil || EventType(type).versioned.map { payloads[$0.name] != nil } ?? false
    }

    /// The data of a known event, in its newest version; nil for a foreign type.
    package func payload(of event: CloudEvent) throws(EventError) -> (any EventPayload)? {
        guard let (name, version) = event.type.versioned, let payload = payloads[name] else {
            return nil
        }
        let data = try payload.definition.upcast(event.data ?? .null, from: version)
        return try payload.init(data: data)
    }
}
