import EventSourcing
import LedgerCore

/// `dev.daybook.train.started`: a release sets out, by a plan that is kept here, so that it rides by
/// the same plan whoever carries it on.
package struct TrainStarted: EventPayload, Equatable {
    package var run: Int
    /// The hash of the cut that rides; another cut does not ride on what was shown of this one.
    package var cut: Digest
    package var plan: [TrainStep]
    /// Set for a ride back: the environment to bring back to what it ran before.
    package var back: String?
    package var reason: String?
    /// The configuration file as it was, which says who is who and what the gates ask.
    package var attachments: [AttachmentName]

    package static let definition = EventDefinition(
        name: "dev.daybook.train.started", summary: "A release sets out on its train.")

    package init(
        run: Int, cut: Digest, plan: [TrainStep], back: String? = nil, reason: String? = nil,
        attachments: [AttachmentName] = []
    ) {
        self.run = run
        self.cut = cut
        self.plan = plan
        self.attachments = attachments
        self.back = back
        self.reason = reason
    }

    package init(data: JSONValue) throws(EventError) {
        let data = try PayloadReader(data)
        run = try data.integer("run")
        cut = try data.digest("cut")
        plan = try data.objects("plan").map(TrainStep.init)
        back = try data.optionalText("back")
        reason = try data.optionalText("reason")
        attachments = try data.objects("attachments").map(AttachmentName.init)
    }

    package var data: JSONValue {
        [
            "run": .integer(run), "cut": .string(cut.hex), "plan": .array(plan.map(\.json)),
            "back": .optional(back),
            "reason": .optional(reason), "attachments": .array(attachments.map(\.json)),
        ]
    }
}

extension TrainStarted {
    /// That it goes to, each once, in a fixed order: two trains that claim several never wait for
    /// each other.
    package var environments: [String] {
        Set(plan.compactMap(\.environment) + [back].compactMap(\.self)).sorted()
    }
}

/// `dev.daybook.train.boarded`: a runner carries a train on from where it stands.
package struct TrainBoarded: EventPayload, Equatable {
    package var run: Int
    package var runner: Runner

    package static let definition = EventDefinition(
        name: "dev.daybook.train.boarded", summary: "A runner carries a train on.")

    package init(run: Int, runner: Runner) {
        self.run = run
        self.runner = runner
    }

    package init(data: JSONValue) throws(EventError) {
        let data = try PayloadReader(data)
        run = try data.integer("run")
        runner = try Runner(data.object("runner"))
    }

    package var data: JSONValue { ["run": .integer(run), "runner": runner.json] }
}

/// `dev.daybook.step.intended`: an effect is about to be tried. Without an outcome after it, nobody
/// knows whether it happened; it is tried again with the same idempotency key.
package struct StepIntended: EventPayload, Equatable {
    package enum Effect: String, Sendable {
        case deploy
        case rollback
        case verify
        case route
    }

    package var key: StepKey
    package var effect: Effect
    package var environment: String
    package var idempotencyKey: String
    /// Of the traffic, for a canary; nil for other effects.
    package var percent: Int?

    package static let definition = EventDefinition(
        name: "dev.daybook.step.intended", summary: "An effect is about to be tried.")

    package init(
        _ key: StepKey, _ effect: Effect, environment: String, release: String,
        percent: Int? = nil
    ) {
        self.key = key
        self.percent = percent
        self.effect = effect
        self.environment = environment
        idempotencyKey = key.idempotencyKey(of: release)
    }

    package init(data: JSONValue) throws(EventError) {
        let data = try PayloadReader(data)
        key = try StepKey(data)
        guard let effect = Effect(rawValue: try data.text("effect")) else {
            throw EventError("data.effect is no effect")
        }
        self.effect = effect
        environment = try data.text("environment")
        idempotencyKey = try data.text("idempotencykey")
        percent = data.has("percent") ? try data.integer("percent") : nil
    }

    package var data: JSONValue {
        var object = key.members
        object["effect"] = .string(effect.rawValue)
        object["environment"] = .string(environment)
        object["idempotencykey"] = .string(idempotencyKey)
        if let percent { object["percent"] = .integer(percent) }
        return .object(object)
    }
}

/// `dev.daybook.soak.sampled`: an environment was looked at while it soaks.
package struct SoakSampled: EventPayload, Equatable {
    package var key: StepKey
    package var environment: String
    package var isGood: Bool
    /// Nothing could be measured: neither good nor bad.
    package var isMissing = false
    package var reason: String
    /// Of golden signals: what was answered.
    package var attachments: [AttachmentName] = []

    /// Longer than that, what cannot be measured is a failure.
    package static let longestBlindness = Duration.seconds(60)

    package static let definition = EventDefinition(
        name: "dev.daybook.soak.sampled", summary: "A soaking environment was looked at.")

    package init(_ key: StepKey, environment: String, isGood: Bool, reason: String) {
        self.key = key
        self.environment = environment
        self.isGood = isGood
        self.reason = reason
    }

    package init(data: JSONValue) throws(EventError) {
        let data = try PayloadReader(data)
        key = try StepKey(data)
        environment = try data.text("environment")
        isGood = try data.bool("good")
        isMissing = data.has("missing") ? try data.bool("missing") : false
        reason = try data.text("reason")
        attachments = try data.objects("attachments").map(AttachmentName.init)
    }

    package var data: JSONValue {
        var object = key.members
        object["environment"] = .string(environment)
        object["good"] = .bool(isGood)
        if isMissing { object["missing"] = .bool(true) }
        object["reason"] = .string(reason)
        if !attachments.isEmpty { object["attachments"] = .array(attachments.map(\.json)) }
        return .object(object)
    }
}

/// `dev.daybook.release.promoted`: the release runs where it was meant to go.
package struct ReleasePromoted: EventPayload, Equatable {
    package var run: Int
    package var environment: String
    package var version: String

    package static let definition = EventDefinition(
        name: "dev.daybook.release.promoted", summary: "A release was promoted to an environment.")

    package init(run: Int, environment: String, version: String) {
        self.run = run
        self.environment = environment
        self.version = version
    }

    package init(data: JSONValue) throws(EventError) {
        let data = try PayloadReader(data)
        run = try data.integer("run")
        environment = try data.text("environment")
        version = try data.text("version")
    }

    package var data: JSONValue {
        [
            "run": .integer(run), "environment": .string(environment),
            "version": .string(version),
        ]
    }
}

/// `dev.daybook.train.aborted`: somebody wants the train to stop and go back.
package struct TrainAborted: EventPayload, Equatable {
    package var run: Int
    package var reason: String

    package static let definition = EventDefinition(
        name: "dev.daybook.train.aborted", summary: "Somebody has stopped a train.")

    package init(run: Int, reason: String) {
        self.run = run
        self.reason = reason
    }

    package init(data: JSONValue) throws(EventError) {
        let data = try PayloadReader(data)
        run = try data.integer("run")
        reason = try data.text("reason")
    }

    package var data: JSONValue { ["run": .integer(run), "reason": .string(reason)] }
}

/// `dev.daybook.train.finished`: how a ride ended.
package struct TrainFinished: EventPayload, Equatable {
    package enum End: String, Sendable {
        /// Every step has passed.
        case completed
        /// A step failed, and its environment is back to what it ran before.
        case rolledBack = "rolledback"
        /// A step failed before anything was deployed.
        case failed
        /// The rollback failed, too: somebody has to look now.
        case stuck

        package var words: String {
            switch self {
            case .completed: "is complete"
            case .rolledBack: "was rolled back"
            case .failed: "failed"
            case .stuck: "is STUCK"
            }
        }
    }

    package var run: Int
    package var end: End
    package var reason: String

    package static let definition = EventDefinition(
        name: "dev.daybook.train.finished", summary: "A train has come to its end.")

    package init(run: Int, end: End, reason: String) {
        self.run = run
        self.end = end
        self.reason = reason
    }

    package init(data: JSONValue) throws(EventError) {
        let data = try PayloadReader(data)
        run = try data.integer("run")
        guard let end = End(rawValue: try data.text("end")) else {
            throw EventError("data.end is no end of a train")
        }
        self.end = end
        reason = try data.text("reason")
    }

    package var data: JSONValue {
        ["run": .integer(run), "end": .string(end.rawValue), "reason": .string(reason)]
    }
}
