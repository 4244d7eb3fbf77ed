import EventSourcing
import LedgerCore

/// How a release is tried on a part of the traffic.
package struct CanaryPlan: Sendable, Equatable {
    /// A share of the traffic for so long.
    package struct Stage: Sendable, Equatable {
        /// 1 to 100.
        package var percent: Int
        package var duration: Duration

        package init(percent: Int, duration: Duration) {
            self.percent = percent
            self.duration = duration
        }
    }

    /// What is done when the stages are over and a check shows neither "worse" nor "not worse".
    package enum Inconclusive: String, Sendable, CaseIterable {
        /// Stops with exit 13; a later ride goes on.
        case hold
        /// Goes on until `longest` is over, then rolls back.
        case extend
        case rollback
    }

    package var environment: String
    package var stages: [Stage]
    package var every: Duration = .seconds(15)
    /// Requests of the canary that a check needs before it can pass.
    package var minimum = 50
    /// All of its time together; nil for three times that of the stages.
    package var limit: Duration?
    package var inconclusive = Inconclusive.extend
    /// How long metrics may be missing.
    package var blind: Duration = .seconds(60)
    package var rates = ErrorRates()
    /// Whose objectives it must meet; none means those of every service.
    package var services: [String] = []
    /// Signals of the user's besides the objectives.
    package var signals: [Signal] = []
    /// All that is looked at; made when a train sets out, from the objectives as they are then.
    package var checks: [CanaryCheck] = []

    package init(environment: String, stages: [Stage] = CanaryPlan.defaultStages) {
        self.environment = environment
        self.stages = stages
    }

    package static let defaultStages = [
        Stage(percent: 10, duration: .seconds(120)), Stage(percent: 50, duration: .seconds(300)),
    ]

    package var longest: Duration {
        limit ?? stages.reduce(.zero) { $0 + $1.duration } * 3
    }

    /// Between two looks, so that the time between them counts as watched.
    package var longestGap: Duration { every * 2 + .seconds(10) }

    /// Something that the user has found to go wrong with bad versions.
    package enum Signal: Sendable, Equatable {
        case counts(name: String, bad: PromQL, total: PromQL, limit: Double, ratio: Double)
        case gauge(name: String, PromQL, tolerance: Double?)
    }
}

extension CanaryPlan {
    var json: JSONValue {
        [
            "step": "canary", "environment": .string(environment),
            "stages": .array(
                stages.map {
                    [
                        "percent": .integer($0.percent),
                        "seconds": .number($0.duration.inSeconds),
                    ]
                }),
            "every": .number(every.inSeconds), "minimum": .integer(minimum),
            "longest": .number(longest.inSeconds),
            "inconclusive": .string(inconclusive.rawValue), "blind": .number(blind.inSeconds),
            "alpha": .number(rates.alpha), "beta": .number(rates.beta),
            "checks": .array(checks.map(\.json)),
        ]
    }

    package init(_ data: PayloadReader) throws(EventError) {
        var stages: [Stage] = []
        for stage in try data.objects("stages") {
            stages.append(
                Stage(
                    percent: try stage.integer("percent"), duration: try stage.seconds("seconds")))
        }
        self.init(environment: try data.text("environment"), stages: stages)
        every = try data.seconds("every")
        minimum = try data.integer("minimum")
        limit = try data.seconds("longest")
        inconclusive = Inconclusive(rawValue: try data.text("inconclusive")) ?? .rollback
        blind = try data.seconds("blind")
        rates = ErrorRates(alpha: try data.number("alpha"), beta: try data.number("beta"))
        checks = try data.objects("checks").map(CanaryCheck.init)
    }
}
