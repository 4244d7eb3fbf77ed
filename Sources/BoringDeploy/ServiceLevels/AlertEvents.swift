import EventSourcing
import LedgerCore

/// An alert as Alertmanager delivers it, what of it stays the same however often it comes.
package struct DeliveredAlert: Sendable, Equatable {
    package var service: String
    package var groupKey: String
    package var fingerprint: String
    package var startsAt: String
    /// Nil while it fires.
    package var endsAt: String?
    package var labels: [String: String]

    package var isFiring: Bool { endsAt == nil }

    /// The same for the same delivery: group, alert, its beginning, and whether it fires.
    package var identity: String {
        let key: JSONValue = .texts([
            groupKey, fingerprint, startsAt, isFiring ? "firing" : "resolved",
        ])
        return "alert/" + SHA256.hash(CanonicalJSONWriter.bytes(of: key)).hex
    }

    package init(
        service: String, groupKey: String, fingerprint: String, startsAt: String,
        endsAt: String? = nil, labels: [String: String]
    ) {
        self.service = service
        self.groupKey = groupKey
        self.fingerprint = fingerprint
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.labels = labels
    }

    fileprivate init(_ data: PayloadReader) throws(EventError) {
        service = try data.text("service")
        groupKey = try data.text("groupkey")
        fingerprint = try data.text("fingerprint")
        startsAt = try data.text("startsat")
        endsAt = try data.optionalText("endsat")
        labels = [:]
        for member in try data.value("labels").object?.members ?? [] {
            labels[member.name] = member.value.string
        }
    }

    fileprivate var members: JSONObject {
        var object = JSONObject()
        object["service"] = .string(service)
        object["groupkey"] = .string(groupKey)
        object["fingerprint"] = .string(fingerprint)
        object["startsat"] = .string(startsAt)
        if let endsAt { object["endsat"] = .string(endsAt) }
        var labels = JSONObject()
        for (name, value) in self.labels { labels[name] = .string(value) }
        object["labels"] = .object(labels)
        return object
    }
}

/// `dev.daybook.alert.fired`: an alert of a service fires.
package struct AlertFired: EventPayload, Equatable {
    package var alert: DeliveredAlert

    package static let definition = EventDefinition(
        name: "dev.daybook.alert.fired", summary: "An alert of a service fires.")

    package init(_ alert: DeliveredAlert) { self.alert = alert }
    package init(data: JSONValue) throws(EventError) {
        alert = try DeliveredAlert(PayloadReader(data))
    }
    package var data: JSONValue { .object(alert.members) }
}

/// `dev.daybook.alert.resolved`: it does not fire any more.
package struct AlertResolved: EventPayload, Equatable {
    package var alert: DeliveredAlert

    package static let definition = EventDefinition(
        name: "dev.daybook.alert.resolved", summary: "An alert of a service fires no more.")

    package init(_ alert: DeliveredAlert) { self.alert = alert }
    package init(data: JSONValue) throws(EventError) {
        alert = try DeliveredAlert(PayloadReader(data))
    }
    package var data: JSONValue { .object(alert.members) }
}

extension StreamHistory {
    /// The alerts of a service's stream that fire, by name.
    package var firingAlerts: [String] {
        var firing: [(key: String, name: String)] = []
        for fact in facts {
            if fact.isOf(AlertFired.self), let alert = try? AlertFired(data: fact.data).alert {
                let name = alert.labels["alertname"] ?? alert.fingerprint
                let slo = alert.labels["slo"].map { " of \($0)" } ?? ""
                firing.append((alert.key, name + slo))
            } else if fact.isOf(AlertResolved.self),
                let alert = try? AlertResolved(data: fact.data).alert
            {
                firing.removeAll { $0.key == alert.key }
            }
        }
        return Set(firing.map(\.name)).sorted()
    }
}

extension DeliveredAlert {
    fileprivate var key: String { "\(fingerprint) \(startsAt)" }
}

extension StreamName {
    package static func service(_ name: String) -> StreamName { StreamName("service/\(name)") }
}
