import EventSourcing
import LedgerCore

/// What a canary is looked at for, with the queries that are asked.
package struct CanaryCheck: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// Counters of bad or good requests and of all; those of the stable version for a
        /// comparison.
        case counts(CountsRule, Counters, stable: Counters?)
        case gauge(GaugeRule, canary: String, stable: String)
        /// Alerts that must not fire, by a query that gives those that do.
        case alerts(String)
        /// Burn alerts of services, as they are recorded in the ledger.
        case recordedAlerts(services: [String])
        /// That the router reaches the canary.
        case reachable
        /// Connections that the router could not make or that broke, by its own counters.
        case connections(CountsRule)
    }

    package struct Counters: Sendable, Equatable {
        package var part: String
        package var isGood: Bool
        package var total: String

        package init(part: String, isGood: Bool, total: String) {
            self.part = part
            self.isGood = isGood
            self.total = total
        }
    }

    package var name: String
    package var kind: Kind

    package init(_ name: String, _ kind: Kind) {
        self.name = name
        self.kind = kind
    }

    /// Everything that is asked of the source of metrics.
    package var queries: [String] {
        switch kind {
        case .counts(_, let canary, let stable):
            [canary, stable].compactMap(\.self).flatMap { [$0.part, $0.total] }
        case .gauge(_, let canary, let stable): [canary, stable]
        case .alerts(let query): [query]
        case .recordedAlerts, .reachable, .connections: []
        }
    }

    /// Whether it is judged with a share of α.
    package var isStatistical: Bool {
        switch kind {
        case .counts, .gauge, .connections: true
        case .alerts, .recordedAlerts, .reachable: false
        }
    }
}

/// The labels by which a source tells the canary's series from the stable version's.
package struct ArmLabels: Sendable, Equatable {
    package var canary: [PromQL.Matcher]
    package var stable: [PromQL.Matcher]

    package init(canary: [PromQL.Matcher], stable: [PromQL.Matcher]) {
        self.canary = canary
        self.stable = stable
    }
}

// How a check is kept in a plan.
extension CanaryCheck {
    var json: JSONValue {
        var object = JSONObject()
        object["name"] = .string(name)
        switch kind {
        case .counts(let rule, let canary, let stable):
            object["kind"] = "counts"
            object["rule"] = rule.json
            object["canary"] = canary.json
            object["stable"] = stable?.json ?? .null
        case .gauge(let rule, let canary, let stable):
            object["kind"] = "gauge"
            object["rule"] = [
                "tolerance": rule.tolerance.map { .number($0) } ?? .null,
                "minimum": .integer(rule.minimum),
            ]
            object["canary"] = .string(canary)
            object["stable"] = .string(stable)
        case .alerts(let query):
            object["kind"] = "alerts"
            object["query"] = .string(query)
        case .recordedAlerts(let services):
            object["kind"] = "recorded-alerts"
            object["services"] = .texts(services)
        case .reachable: object["kind"] = "reachable"
        case .connections(let rule):
            object["kind"] = "connections"
            object["rule"] = rule.json
        }
        return .object(object)
    }

    init(_ data: PayloadReader) throws(EventError) {
        name = try data.text("name")
        switch try data.text("kind") {
        case "counts":
            kind = .counts(
                try CountsRule(data.object("rule")), try Counters(data.object("canary")),
                stable: data.has("stable") ? try Counters(data.object("stable")) : nil)
        case "gauge":
            let rule = try data.object("rule")
            kind = .gauge(
                GaugeRule(
                    tolerance: rule.has("tolerance") ? try rule.number("tolerance") : nil,
                    minimum: try rule.integer("minimum")),
                canary: try data.text("canary"), stable: try data.text("stable"))
        case "alerts": kind = .alerts(try data.text("query"))
        case "recorded-alerts": kind = .recordedAlerts(services: try data.texts("services"))
        case "reachable": kind = .reachable
        case "connections": kind = .connections(try CountsRule(data.object("rule")))
        case let other: throw EventError("there is no check of kind \(other)")
        }
    }
}

extension CanaryCheck.Counters {
    fileprivate var json: JSONValue {
        [isGood ? "good" : "bad": .string(part), "total": .string(total)]
    }

    fileprivate init(_ data: PayloadReader) throws(EventError) {
        isGood = data.has("good")
        part = try data.text(isGood ? "good" : "bad")
        total = try data.text("total")
    }
}

extension CountsRule {
    fileprivate var json: JSONValue {
        [
            "kind": .string(kind.rawValue), "limit": limit.map { .number($0) } ?? .null,
            "worseLimit": worseLimit.map { .number($0) } ?? .null, "ratio": .number(ratio),
            "minimum": .integer(minimum),
        ]
    }

    fileprivate init(_ data: PayloadReader) throws(EventError) {
        guard let kind = Kind(rawValue: try data.text("kind")) else {
            throw EventError("a rule's kind is comparison or limit")
        }
        self.init(
            kind, limit: data.has("limit") ? try data.number("limit") : nil,
            worseLimit: data.has("worseLimit") ? try data.number("worseLimit") : nil,
            ratio: try data.number("ratio"), minimum: try data.integer("minimum"))
    }
}
