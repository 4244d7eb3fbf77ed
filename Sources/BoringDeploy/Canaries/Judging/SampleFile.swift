import EventSourcing
import LedgerCore

/// Samples to be judged by hand, apart from any train:
///
///     {"alpha": 0.01, "beta": 0.05,
///      "checks": [
///        {"name": "errors", "kind": "counts", "limit": 0.01, "ratio": 2, "minimum": 20,
///         "looks": [{"canary": {"total": 120, "bad": 3}, "stable": {"total": 980, "bad": 4}}]},
///        {"name": "backlog", "kind": "gauge", "tolerance": 10, "minimum": 5,
///         "canary": [3, 4, 2], "stable": [2, 4, 3]}]}
///
/// The judge `kayenta` takes its own members of a check besides: `direction` (`increase`, `decrease`,
/// `either`), `critical`, `mustHaveData`, `allowedIncrease`, `allowedDecrease`.
///
/// Only `checks`, `name`, `kind` and the samples are required. Looks without `stable` are judged
/// against `limit` alone. Other members are an error: a misspelt limit is none.
package struct SampleFile: Sendable {
    package enum Check: Sendable {
        case counts(name: String, CountsRule, [LookCounts])
        case gauge(name: String, GaugeRule, canary: [Double], stable: [Double])
    }

    package let rates: ErrorRates
    package let checks: [Check]
    /// For the judge `kayenta`, one for each check.
    let kayentaRules: [KayentaJudge.Rule]

    package init(_ value: JSONValue) throws(EventError) {
        let root = try SampleReader(value, at: "", members: ["alpha", "beta", "checks"])
        var rates = ErrorRates()
        if let alpha = try root.share("alpha") { rates.alpha = alpha }
        if let beta = try root.share("beta") { rates.beta = beta }
        self.rates = rates
        var checks: [Check] = []
        var rules: [KayentaJudge.Rule] = []
        var names: Set<String> = []
        for (place, element) in try root.list("checks").enumerated() {
            let check = try Self.check(element, at: "checks[\(place)]")
            guard names.insert(check.name).inserted else {
                throw EventError("checks[\(place)].name: two checks are called \(check.name)")
            }
            checks.append(check)
            rules.append(try KayentaJudge.Rule(SampleReader(element, at: "checks[\(place)]")))
        }
        guard !checks.isEmpty else { throw EventError("checks is empty: nothing would be judged") }
        self.checks = checks
        kayentaRules = rules
    }

    private static let kayentaMembers: Set = [
        "direction", "critical", "mustHaveData", "allowedIncrease", "allowedDecrease",
    ]

    private static func check(_ value: JSONValue, at path: String) throws(EventError) -> Check {
        let plain = try SampleReader(value, at: path)
        let name = try plain.text("name")
        switch try plain.text("kind") {
        case "counts":
            let reader = try SampleReader(
                value, at: path,
                members: kayentaMembers.union([
                    "name", "kind", "looks", "limit", "ratio", "minimum",
                ]))
            return try counts(reader, name)
        case "gauge":
            let reader = try SampleReader(
                value, at: path,
                members: kayentaMembers.union([
                    "name", "kind", "canary", "stable", "tolerance", "minimum",
                ]))
            var rule = GaugeRule(tolerance: try reader.amount("tolerance"))
            if let minimum = try reader.count("minimum") { rule.minimum = minimum }
            return .gauge(
                name: name, rule, canary: try reader.values("canary"),
                stable: try reader.values("stable"))
        case let other:
            throw EventError("\(path).kind is \"\(other)\"; take counts or gauge")
        }
    }

    /// Of comparisons that name none: the fast burn of an objective of 0.999.
    static let defaultLimit = 0.0144

    private static func counts(
        _ reader: SampleReader, _ name: String
    ) throws(EventError) -> Check {
        var looks: [LookCounts] = []
        var isAlone = false
        for (place, element) in try reader.list("looks").enumerated() {
            let look = try SampleReader(
                element, at: "\(reader.path).looks[\(place)]", members: ["canary", "stable"])
            let alone = !look.has("stable")
            guard place == 0 || alone == isAlone else {
                throw EventError("\(look.path): some looks have stable and some have not")
            }
            isAlone = alone
            looks.append(
                LookCounts(
                    canary: try look.requests("canary"),
                    stable: alone ? .none : try look.requests("stable")))
        }
        var rule = CountsRule(isAlone ? .limit : .comparison, limit: try reader.share("limit"))
        guard !isAlone || rule.limit != nil else {
            throw EventError("\(reader.path) has neither stable counts nor a limit to judge by")
        }
        if rule.limit == nil { rule.limit = defaultLimit }
        if let ratio = try reader.amount("ratio") {
            guard ratio > 1 else { throw EventError("\(reader.path).ratio must be more than 1") }
            rule.ratio = ratio
        }
        if let minimum = try reader.count("minimum") { rule.minimum = minimum }
        return .counts(name: name, rule, looks)
    }

    /// α is shared by the checks.
    package var verdicts: [CheckVerdict] {
        checks.map { check in
            let rates = rates.shared(by: checks.count)
            switch check {
            case .counts(let name, let rule, let looks):
                var judge = CountsJudge(name, rule, rates)
                for look in looks { judge.take(look) }
                return judge.verdict
            case .gauge(let name, let rule, let canary, let stable):
                var judge = GaugeJudge(name, rule, rates)
                judge.take(canary, stable, onlyLook: true)
                return judge.verdict
            }
        }
    }
}

extension SampleFile.Check {
    var name: String {
        switch self {
        case .counts(let name, _, _), .gauge(let name, _, _, _): name
        }
    }
}
