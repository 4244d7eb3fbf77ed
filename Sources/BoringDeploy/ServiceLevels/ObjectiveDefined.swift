import EventSourcing
import Foundation
import LedgerCore

/// `dev.daybook.slo.defined`: the objective that is in force for a service from now on.
package struct ObjectiveDefined: EventPayload, Equatable {
    package var name: String
    package var service: String
    /// As it is written: `0.999`.
    package var target: String
    /// As `30d`.
    package var period: String
    /// The OpenSLO file.
    package var attachments: [AttachmentName]

    package static let definition = EventDefinition(
        name: "dev.daybook.slo.defined", summary: "An objective of a service is in force.")

    package init(_ level: ServiceLevel, _ file: AttachmentName) {
        name = level.name
        service = level.service
        target = "\(level.target)"
        period = level.period.prometheus
        attachments = [file]
    }

    package init(data: JSONValue) throws(EventError) {
        let data = try PayloadReader(data)
        name = try data.text("name")
        service = try data.text("service")
        target = try data.text("target")
        period = try data.text("period")
        attachments = try data.objects("attachments").map(AttachmentName.init)
    }

    package var data: JSONValue {
        [
            "name": .string(name), "service": .string(service), "target": .string(target),
            "period": .string(period), "attachments": .array(attachments.map(\.json)),
        ]
    }
}
