import EventSourcing
import LedgerCore

/// `dev.daybook.canary.verdict`: what the judge made of all looks up to one.
package struct CanaryVerdict: EventPayload, Equatable {
    package enum Decision: String, Sendable {
        /// Look again.
        case goOn = "continue"
        case pass
        case rollback
        /// Wait for somebody; nothing was shown.
        case hold
    }

    package var key: StepKey
    package var environment: String
    package var look: Int
    package var decision: Decision
    /// In words.
    package var reason: String
    /// As `sequential/1`.
    package var judge: String
    /// Canonical JSON of each check's verdict: kept as it was, so that a later one compares whole.
    package var checks: [JSONValue]
    /// The looks' attachments that it rests on besides those of the verdicts before.
    package var attachments: [AttachmentName]

    package static let definition = EventDefinition(
        name: "dev.daybook.canary.verdict", summary: "A canary was judged.")

    package init(data: JSONValue) throws(EventError) {
        let data = try PayloadReader(data)
        key = try StepKey(data)
        environment = try data.text("environment")
        look = try data.integer("look")
        guard let decision = Decision(rawValue: try data.text("decision")) else {
            throw EventError("data.decision is no decision")
        }
        self.decision = decision
        reason = try data.text("reason")
        judge = try data.text("judge")
        checks = try data.list("checks")
        attachments = try data.objects("attachments").map(AttachmentName.init)
    }

    package var data: JSONValue {
        var object = key.members
        object["environment"] = .string(environment)
        object["look"] = .integer(look)
        object["decision"] = .string(decision.rawValue)
        object["outcome"] = .optional(outcome?.rawValue)
        object["reason"] = .string(reason)
        object["judge"] = .string(judge)
        object["checks"] = .array(checks)
        object["attachments"] = .array(attachments.map(\.json))
        return .object(object)
    }

    private var outcome: Outcome? {
        switch decision {
        case .goOn: nil
        case .pass: .passed
        case .rollback: .failed
        case .hold: .inconclusive
        }
    }

    package init(
        _ key: StepKey, environment: String, look: Int, _ decision: Decision, _ reason: String,
        checks: [CheckVerdict], attachments: [AttachmentName]
    ) {
        self.key = key
        self.environment = environment
        self.look = look
        self.decision = decision
        self.reason = reason
        judge = JudgeVersion.text
        self.checks = checks.map(\.json)
        self.attachments = attachments
    }
}
