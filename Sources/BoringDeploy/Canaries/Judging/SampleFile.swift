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
    private let kayentaRules: [KayentaJudge.Rule]

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

extension SampleFile {
    /// As Kayenta classifies them, and its score; of counts, the shares of bad requests of each look.
    package var kayenta:
        (results: [(name: String, KayentaJudge.Classification, String)], score: Double)
    {
        let results = zip(checks, kayentaRules).map { check, rule in
            let (canary, baseline) = check.values
            return (
                check.name, KayentaJudge.classify(canary: canary, baseline: baseline, rule), rule
            )
        }
        return (
            results.map { ($0.0, $0.1.classification, $0.1.reason) },
            KayentaJudge.score(results.map { ($0.1.classification, $0.2) })
        )
    }
}

extension KayentaJudge.Rule {
    fileprivate init(_ reader: SampleReader) throws(EventError) {
        self.init()
        if reader.has("direction") {
            guard let direction = KayentaJudge.Direction(rawValue: try reader.text("direction"))
            else {
                throw EventError(
                    "\(reader.place("direction")) must be increase, decrease or either")
            }
            self.direction = direction
        }
        isCritical = try reader.bool("critical") ?? false
        mustHaveData = try reader.bool("mustHaveData") ?? false
        allowedIncrease = try reader.amount("allowedIncrease") ?? 1
        allowedDecrease = try reader.amount("allowedDecrease") ?? 1
    }
}

extension SampleFile.Check {
    fileprivate var values: (canary: [Double], stable: [Double]) {
        switch self {
        case .gauge(_, _, let canary, let stable): return (canary, stable)
        case .counts(_, _, let looks):
            func shares(_ arm: KeyPath<LookCounts, RequestCounts>) -> [Double] {
                looks.map { $0[keyPath: arm] }.filter { $0.total > 0 }.map {
                    Double($0.bad) / Double($0.total)
                }
            }
            return (shares(\.canary), shares(\.stable))
        }
    }

    var name: String {
        switch self {
        case .counts(let name, _, _), .gauge(let name, _, _, _): name
        }
    }
}

/// Reads one object of a file of samples; errors name the place as `checks[0].looks[3].canary`.
private struct SampleReader {
    let path: String
    private let object: JSONObject

    init(_ value: JSONValue, at path: String, members: Set<String>? = nil) throws(EventError) {
        guard let object = value.object else {
            throw EventError("\(path.isEmpty ? "the file" : path) must be an object")
        }
        self.path = path
        self.object = object
        if let members, let other = object.members.first(where: { !members.contains($0.name) }) {
            throw EventError(
                "\(place(other.name)) is not known here; take "
                    + members.sorted().joined(separator: ", "))
        }
    }

    func place(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    func has(_ name: String) -> Bool { object[name] != nil }

    private func required(_ name: String) throws(EventError) -> JSONValue {
        guard let value = object[name] else { throw EventError("\(place(name)) is missing") }
        return value
    }

    func text(_ name: String) throws(EventError) -> String {
        guard let text = try required(name).string, !text.isEmpty else {
            throw EventError("\(place(name)) must be a text")
        }
        return text
    }

    func list(_ name: String) throws(EventError) -> [JSONValue] {
        guard let list = try required(name).array else {
            throw EventError("\(place(name)) must be an array")
        }
        return list
    }

    /// Nil if it is not there.
    func amount(_ name: String) throws(EventError) -> Double? {
        guard let value = object[name] else { return nil }
        guard case .number(let amount) = value, amount >= 0 else {
            throw EventError("\(place(name)) must be a number, 0 or more")
        }
        return amount
    }

    /// Between 0 and 1.
    func share(_ name: String) throws(EventError) -> Double? {
        guard let share = try amount(name) else { return nil }
        guard share > 0, share < 1 else {
            throw EventError("\(place(name)) must lie between 0 and 1")
        }
        return share
    }

    func bool(_ name: String) throws(EventError) -> Bool? {
        guard let value = object[name] else { return nil }
        guard case .bool(let bool) = value else {
            throw EventError("\(place(name)) must be true or false")
        }
        return bool
    }

    func count(_ name: String) throws(EventError) -> Int? {
        guard let value = object[name] else { return nil }
        guard let count = value.integer, count >= 0 else {
            throw EventError("\(place(name)) must be a whole number, 0 or more")
        }
        return Int(count)
    }

    func values(_ name: String) throws(EventError) -> [Double] {
        var values: [Double] = []
        for (index, element) in try list(name).enumerated() {
            guard case .number(let value) = element else {
                throw EventError("\(place(name))[\(index)] must be a number")
            }
            values.append(value)
        }
        guard values.count <= GaugeRule.mostValues else {
            throw EventError(
                "\(place(name)) has \(values.count) values; thin them out to at most "
                    + "\(GaugeRule.mostValues)")
        }
        return values
    }

    func requests(_ name: String) throws(EventError) -> RequestCounts {
        let reader = try SampleReader(
            try required(name), at: place(name), members: ["total", "bad"])
        guard let total = try reader.count("total") else {
            throw EventError("\(reader.place("total")) is missing")
        }
        guard let bad = try reader.count("bad") else {
            throw EventError("\(reader.place("bad")) is missing")
        }
        guard bad <= total else {
            throw EventError("\(reader.path): \(bad) bad requests of \(total) in all")
        }
        return RequestCounts(total: total, bad: bad)
    }
}
