import EventSourcing
import LedgerCore

/// `dev.daybook.canary.measured`: a canary was looked at. The attachment holds everything that was
/// answered; `samples` are what the judge takes from it.
package struct CanaryMeasured: EventPayload, Equatable {
    package var key: StepKey
    package var environment: String
    /// Counted from 0.
    package var look: Int
    /// Of the plan's stages, 0-based.
    package var stage: Int
    package var samples: [CheckSample]
    package var attachments: [AttachmentName]

    package static let definition = EventDefinition(
        name: "dev.daybook.canary.measured", summary: "A canary was looked at.")

    package init(
        _ key: StepKey, environment: String, look: Int, stage: Int, samples: [CheckSample],
        attachments: [AttachmentName]
    ) {
        self.key = key
        self.environment = environment
        self.look = look
        self.stage = stage
        self.samples = samples
        self.attachments = attachments
    }

    package init(data: JSONValue) throws(EventError) {
        let data = try PayloadReader(data)
        key = try StepKey(data)
        environment = try data.text("environment")
        look = try data.integer("look")
        stage = try data.integer("stage")
        samples = try data.objects("samples").map(CheckSample.init)
        attachments = try data.objects("attachments").map(AttachmentName.init)
    }

    package var data: JSONValue {
        var object = key.members
        object["environment"] = .string(environment)
        object["look"] = .integer(look)
        object["stage"] = .integer(stage)
        object["samples"] = .array(samples.map(\.json))
        object["attachments"] = .array(attachments.map(\.json))
        return .object(object)
    }

    /// The attachment with what was answered.
    package var evidence: Digest? { attachments.first { $0.name == Self.evidenceName }?.digest }

    package static let evidenceName = "look.json"
}
