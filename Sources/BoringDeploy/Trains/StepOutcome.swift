import EventSourcing
import LedgerCore

/// How something ended.
package enum Outcome: String, Sendable, Equatable {
    case passed
    case failed
    case refused
    case inconclusive
}

/// Which effect of which step: what makes an intent and its outcome belong together.
package struct StepKey: Sendable, Hashable {
    /// Counts the rides of a release: 1, 2, 3 …
    package var run: Int
    /// 0-based place in the plan.
    package var step: Int
    /// As `deploy stage`.
    package var name: String
    package var service: String?
    package var attempt: Int

    package init(run: Int, step: Int, name: String, service: String? = nil, attempt: Int = 1) {
        self.run = run
        self.step = step
        self.name = name
        self.service = service
        self.attempt = attempt
    }

    init(_ data: PayloadReader) throws(EventError) {
        run = try data.integer("run")
        step = try data.integer("step")
        name = try data.text("name")
        service = try data.optionalText("service")
        attempt = try data.integer("attempt")
    }

    var members: JSONObject {
        var object = JSONObject()
        object["run"] = .integer(run)
        object["step"] = .integer(step)
        object["name"] = .string(name)
        object["service"] = .optional(service)
        object["attempt"] = .integer(attempt)
        return object
    }

    /// The same for the same effect, however often a runner starts again: tools that are asked twice
    /// can tell that it is the same deed. 32 hexadecimal digits.
    package func idempotencyKey(of release: String) -> String {
        var object = members
        object["release"] = .string(release)
        let digest = SHA256.hash(CanonicalJSONWriter.bytes(of: .object(object)))
        return String(digest.hex.prefix(32))
    }
}

/// What kind of outcome an event tells; each is a type of event of its own.
package protocol OutcomeKind: Sendable {
    static var definition: EventDefinition { get }
}

/// The outcome of an effect that was intended before.
package struct StepOutcome<Kind: OutcomeKind>: EventPayload, Equatable {
    package var key: StepKey
    package var environment: String?
    package var outcome: Outcome
    /// In words.
    package var reason: String
    /// What this kind has to tell besides: exit codes, counts of tests, reasons of gates.
    package var details: JSONObject
    package var attachments: [AttachmentName]

    package static var definition: EventDefinition { Kind.definition }

    package init(
        _ key: StepKey, environment: String?, _ outcome: Outcome, _ reason: String,
        details: JSONObject = JSONObject(), attachments: [AttachmentName] = []
    ) {
        self.key = key
        self.environment = environment
        self.outcome = outcome
        self.reason = reason
        self.details = details
        self.attachments = attachments
    }

    package init(data: JSONValue) throws(EventError) {
        let data = try PayloadReader(data)
        key = try StepKey(data)
        environment = try data.optionalText("environment")
        guard let outcome = Outcome(rawValue: try data.text("outcome")) else {
            throw EventError("data.outcome is no outcome")
        }
        self.outcome = outcome
        reason = try data.text("reason")
        details = try data.value("details").object ?? JSONObject()
        attachments = try data.objects("attachments").map(AttachmentName.init)
    }

    package var data: JSONValue {
        var object = key.members
        object["environment"] = .optional(environment)
        object["outcome"] = .string(outcome.rawValue)
        object["reason"] = .string(reason)
        object["details"] = .object(details)
        object["attachments"] = .array(attachments.map(\.json))
        return .object(object)
    }
}

package enum DeploymentKind: OutcomeKind {
    package static let definition = EventDefinition(
        name: "dev.daybook.deployment.completed",
        summary: "A deploy command has ended in an environment.")
}

package enum RollbackKind: OutcomeKind {
    package static let definition = EventDefinition(
        name: "dev.daybook.rollback.completed",
        summary: "A rollback command has ended in an environment.")
}

package enum VerificationKind: OutcomeKind {
    package static let definition = EventDefinition(
        name: "dev.daybook.verification.completed",
        summary: "A smoke suite has ended against an environment.")
}

package enum SoakKind: OutcomeKind {
    package static let definition = EventDefinition(
        name: "dev.daybook.soak.completed",
        summary: "An environment was watched for the stated time, or failed meanwhile.")
}

package enum GateKind: OutcomeKind {
    package static let definition = EventDefinition(
        name: "dev.daybook.gate.evaluated", summary: "A train has asked its gates.")
}

package typealias DeploymentCompleted = StepOutcome<DeploymentKind>
package typealias RollbackCompleted = StepOutcome<RollbackKind>
package typealias VerificationCompleted = StepOutcome<VerificationKind>
package typealias SoakCompleted = StepOutcome<SoakKind>
package typealias GateEvaluated = StepOutcome<GateKind>
