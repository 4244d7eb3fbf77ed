import EventSourcing
import LedgerCore

/// Everything that one look at a canary has seen, as it was answered: the attachment from which
/// anyone makes the samples, and so the verdicts, again.
package struct LookEvidence: Sendable, Equatable {
    /// Counted from 0: the first look only says where the counters stand.
    package var look: Int
    /// When it was asked, by the runner's clock.
    package var asked: Timestamp
    package var metrics: MetricReading
    /// Nil if there is no router to ask, or it did not answer; then `routerFault` says why.
    package var router: RouterReading?
    package var routerFault: String?
    /// Burn alerts of the services that fire by the ledger.
    package var recordedAlerts: [String]
    /// The look before, whose counters these ones go on from.
    package var previous: Digest?

    package init(
        look: Int, asked: Timestamp, metrics: MetricReading, router: RouterReading? = nil,
        routerFault: String? = nil, recordedAlerts: [String] = [], previous: Digest? = nil
    ) {
        self.look = look
        self.asked = asked
        self.metrics = metrics
        self.router = router
        self.routerFault = routerFault
        self.recordedAlerts = recordedAlerts
        self.previous = previous
    }

    static let format = "dev.daybook.canary.look/1"

    package var bytes: [UInt8] {
        CanonicalJSONWriter.bytes(
            of: [
                "format": .string(Self.format), "look": .integer(look),
                "asked": .string(asked.description), "metrics": metrics.json,
                "router": router?.json ?? .null, "routerFault": .optional(routerFault),
                "recordedAlerts": .texts(recordedAlerts),
                "previous": .optional(previous?.reference),
            ])
    }

    /// Throws for anything but what `bytes` makes.
    package init(bytes: [UInt8]) throws(EventError) {
        let value: JSONValue
        do {
            value = try StrictJSONParser.parse(bytes)
        } catch {
            throw EventError("a look's evidence is no JSON: \(error)")
        }
        let data = try PayloadReader(value, at: "look")
        guard try data.text("format") == Self.format else {
            throw EventError("look.format is not \(Self.format)")
        }
        look = try data.integer("look")
        asked = try data.time("asked")
        metrics = try MetricReading(data.object("metrics"))
        router = data.has("router") ? try RouterReading(data.object("router")) : nil
        routerFault = try data.optionalText("routerFault")
        recordedAlerts = try data.texts("recordedAlerts")
        previous = nil
        if let text = try data.optionalText("previous") {
            guard let digest = Digest(reference: text) else {
                throw EventError("look.previous is no digest")
            }
            previous = digest
        }
    }
}
