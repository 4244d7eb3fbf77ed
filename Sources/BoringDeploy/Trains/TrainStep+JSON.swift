import EventSourcing
import LedgerCore

// How a plan is kept in the log: durations in seconds.
extension TrainStep {
    /// As it is shown: `deploy stage`.
    package var title: String {
        switch self {
        case .cut: "cut"
        case .gate(let names): "gate \(names.joined(separator: ", "))"
        case .deploy(let environment, _): "deploy \(environment)"
        case .canary(let plan): "canary \(plan.environment)"
        case .soak(let plan): "soak \(plan.environment)"
        case .verify(let plan): "verify \(plan.environment)"
        case .promote(let environment, _): "promote \(environment)"
        case .bundle: "bundle"
        }
    }

    package var isCanary: Bool { if case .canary = self { true } else { false } }

    package var environment: String? {
        switch self {
        case .cut, .gate, .bundle: nil
        case .deploy(let environment, _), .promote(let environment, _): environment
        case .canary(let plan): plan.environment
        case .soak(let plan): plan.environment
        case .verify(let plan): plan.environment
        }
    }

    var json: JSONValue {
        switch self {
        case .cut: ["step": "cut"]
        case .gate(let names): ["step": "gate", "gates": .texts(names)]
        case .deploy(let environment, let services):
            ["step": "deploy", "environment": .string(environment), "services": .texts(services)]
        case .canary(let plan): plan.json
        case .soak(let plan):
            [
                "step": "soak", "environment": .string(plan.environment),
                "seconds": .number(plan.duration.inSeconds),
                "every": .number(plan.every.inSeconds), "watch": .texts(plan.watch),
            ]
        case .verify(let plan):
            [
                "step": "verify", "environment": .string(plan.environment),
                "smoke": .texts(plan.smoke), "junit": .string(plan.junit),
                "timeout": .number(plan.timeout.inSeconds),
                "golden": plan.golden?.json ?? .null,
            ]
        case .promote(let environment, let services):
            ["step": "promote", "environment": .string(environment), "services": .texts(services)]
        case .bundle: ["step": "bundle"]
        }
    }

    init(_ data: PayloadReader) throws(EventError) {
        switch try data.text("step") {
        case "cut": self = .cut
        case "gate": self = .gate(try data.texts("gates"))
        case "deploy":
            self = .deploy(
                environment: try data.text("environment"), services: try data.texts("services"))
        case "canary": self = .canary(try CanaryPlan(data))
        case "soak":
            self = .soak(
                SoakPlan(
                    environment: try data.text("environment"),
                    duration: try data.seconds("seconds"), every: try data.seconds("every"),
                    watch: try data.texts("watch")))
        case "verify":
            var plan = VerifyPlan(
                environment: try data.text("environment"), smoke: try data.texts("smoke"),
                junit: try data.text("junit"))
            plan.timeout = try data.seconds("timeout")
            if data.has("golden") { plan.golden = try GoldenPlan(data.object("golden")) }
            self = .verify(plan)
        case "promote":
            self = .promote(
                environment: try data.text("environment"), services: try data.texts("services"))
        case "bundle": self = .bundle
        case let other:
            throw EventError("data.plan has a step \(other), which this program does not know")
        }
    }
}

extension Duration {
    package var inSeconds: Double { Double(microseconds) / 1_000_000 }
}

extension PayloadReader {
    func seconds(_ name: String) throws(EventError) -> Duration {
        guard case .number(let seconds) = try value(name), seconds >= 0, seconds < 1e9 else {
            throw EventError("\(name) must be a number of seconds")
        }
        return .microseconds(Int64(seconds * 1_000_000))
    }
}
