import BoringDeploy
import Foundation

extension StepReader {
    /// `stage`, or a mapping with weights, looks and signals.
    func canary(_ body: Value) -> CanaryPlan? {
        guard body.node.mapping != nil else {
            return environment(body).map { CanaryPlan(environment: $0) }
        }
        guard
            let section = SectionReader(
                body,
                keys: [
                    "environment", "steps", "every", "requests", "longest", "inconclusive",
                    "blind", "alpha", "services", "signals",
                ])
        else { return nil }
        guard let environment = environment(section.required("environment", as: "stage"))
        else { return nil }
        var plan = CanaryPlan(environment: environment)
        if let steps = section["steps"] {
            plan.stages = (steps.items(atLeast: 1, as: "[10% for 2m]") ?? []).compactMap(stage)
        }
        if let every = section["every"], let duration = every.duration() {
            plan.every = duration
            if plan.stages.contains(where: { $0.duration < duration }) {
                every.fault("a step ends before its first look; make every shorter")
            }
        } else if let shortest = plan.stages.map(\.duration).min() {
            plan.every = min(plan.every, shortest)
        }
        if let requests = section["requests"]?.integer(in: 1...1_000_000_000) {
            plan.minimum = requests
        }
        if let longest = section["longest"], let duration = longest.duration() {
            plan.limit = duration
            if duration < plan.stages.reduce(.zero, { $0 + $1.duration }) {
                longest.fault("the steps take longer than that; make longest longer")
            }
        }
        if let text = section["inconclusive"]?.reference(
            to: CanaryPlan.Inconclusive.allCases.map(\.rawValue), "inconclusive",
            orElse: "write hold, extend or rollback")
        {
            plan.inconclusive = CanaryPlan.Inconclusive(rawValue: text) ?? .extend
        }
        if let blind = section["blind"]?.duration() { plan.blind = blind }
        if let alpha = section["alpha"]?.share() { plan.rates.alpha = alpha }
        plan.services =
            section["services"]?.references(
                to: known.services, "service", orElse: "add it under services", atLeast: 1) ?? []
        plan.signals = section["signals"]?.items().map { $0.compactMap(signal) } ?? []
        return plan
    }

    private func stage(_ value: Value) -> CanaryPlan.Stage? {
        guard let text = value.text() else { return nil }
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        let share = parts[0].hasSuffix("%") ? Int(parts[0].dropLast()) : nil
        guard parts.count == 3, let share, (1...100).contains(share), parts[1] == "for",
            let duration = Duration(configured: String(parts[2]))
        else {
            value.fault("\"\(text)\" is no canary step; write it as 10% for 2m")
            return nil
        }
        return CanaryPlan.Stage(percent: share, duration: duration)
    }

    /// `{name: denials, bad: QUERY, total: QUERY, limit: 0.05, ratio: 5}`, or
    /// `{name: backlog, gauge: QUERY, tolerance: 20}`.
    private func signal(_ value: Value) -> CanaryPlan.Signal? {
        guard
            let section = SectionReader(
                value, keys: ["name", "bad", "total", "limit", "ratio", "gauge", "tolerance"])
        else { return nil }
        let name = section.required("name", as: "denials")?.plainName()
        if let gauge = section["gauge"] {
            for key in ["bad", "total", "limit", "ratio"] where section[key] != nil {
                section[key]?.fault("a gauge has no \(key); take gauge, or bad and total")
            }
            let tolerance = section["tolerance"].map { $0.number(atLeast: 0) }
            guard let name, let query = gauge.query() else { return nil }
            return .gauge(name: name, query, tolerance: tolerance ?? nil)
        }
        section["tolerance"]?.fault("counts have no tolerance; take limit and ratio")
        let bad = section.required("bad", as: "http_requests_total{code=\"403\"}")?.query()
        let total = section.required("total", as: "http_requests_total")?.query()
        let limit = section["limit"].map { $0.share() } ?? 0.05
        let ratio = section["ratio"].map { $0.number(atLeast: 1.01) } ?? 5
        guard let name, let bad, let total, let limit, let ratio else { return nil }
        return .counts(name: name, bad: bad, total: total, limit: limit, ratio: ratio)
    }
}

extension Value {
    /// A decimal number, as `0.05` or `20`.
    func number(atLeast least: Double) -> Double? {
        guard !isMissing() else { return nil }
        let text = node.scalar?.string ?? ""
        let isPlain =
            scalar == .number
            || scalar.map { if case .integer = $0 { true } else { false } } ?? false
        guard isPlain, let number = Double(text), number.isFinite, number >= least else {
            fault("\(title) must be a number, \(least.formatted()) or more")
            return nil
        }
        return number
    }

    /// Between 0 and 1.
    func share() -> Double? {
        guard let share = number(atLeast: 0) else { return nil }
        guard share > 0, share < 1 else {
            fault("\(title) must lie between 0 and 1, as 0.05")
            return nil
        }
        return share
    }

    func query() -> PromQL? {
        guard let text = text() else { return nil }
        do throws(PromQL.Fault) {
            return try PromQL(text)
        } catch {
            fault(
                "\(title) is no PromQL, \(error.description); write a query as Prometheus takes it")
            return nil
        }
    }
}
