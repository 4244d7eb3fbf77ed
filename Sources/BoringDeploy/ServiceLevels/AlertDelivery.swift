import EventSourcing
import LedgerCore

/// The body of an Alertmanager webhook, version 4
/// (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config). Unknown members are
/// passed over: they come with newer versions.
package struct AlertDelivery: Sendable, Equatable {
    package let alerts: [DeliveredAlert]
    /// Alerts that name no service, by their names: nobody's canary could heed them.
    package let homeless: [String]

    package init(_ value: JSONValue) throws(EventError) {
        let body = try PayloadReader(value, at: "the webhook")
        guard try body.text("version") == "4" else {
            throw EventError("the webhook.version is not \"4\"")
        }
        let groupKey = try body.text("groupKey")
        guard !groupKey.isEmpty else { throw EventError("the webhook.groupKey is empty") }
        var alerts: [DeliveredAlert] = []
        var homeless: [String] = []
        for (place, alert) in try body.objects("alerts").enumerated() {
            var labels: [String: String] = [:]
            for member in try alert.value("labels").object?.members ?? [] {
                guard let text = member.value.string else {
                    throw EventError(
                        "the webhook.alerts[\(place)].labels.\(member.name) is no text")
                }
                labels[member.name] = text
            }
            let fingerprint = try alert.text("fingerprint")
            let startsAt = try alert.time("startsAt")
            let endsAt: Timestamp?
            switch try alert.text("status") {
            // While it fires, its end is a guess, or the year 1.
            case "firing": endsAt = nil
            case "resolved": endsAt = try alert.time("endsAt")
            case let other:
                throw EventError(
                    "the webhook.alerts[\(place)].status is \"\(other)\", not firing or resolved")
            }
            guard !fingerprint.isEmpty else {
                throw EventError("the webhook.alerts[\(place)].fingerprint is empty")
            }
            guard let service = labels["service"], Self.isName(service) else {
                homeless.append(labels["alertname"] ?? fingerprint)
                continue
            }
            alerts.append(
                DeliveredAlert(
                    service: service, groupKey: groupKey, fingerprint: fingerprint,
                    startsAt: startsAt.description, endsAt: endsAt?.description, labels: labels))
        }
        guard !alerts.isEmpty || !homeless.isEmpty else {
            throw EventError("the webhook.alerts is empty")
        }
        self.alerts = alerts
        self.homeless = homeless
    }

    /// It becomes a part of a subject.
    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.unicodeScalars.allSatisfy {
                $0.isASCII
                    && ($0.properties.isAlphabetic || $0.properties.numericType != nil
                        || "._-".unicodeScalars.contains($0))
            }
    }
}
