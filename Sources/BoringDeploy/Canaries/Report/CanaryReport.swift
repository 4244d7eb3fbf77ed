import EventSourcing
import LedgerCore

/// A canary's course as one page that needs nothing else: for each check the shares of bad requests
/// or the values of both versions, look by look, and below them the evidence against its threshold.
package struct CanaryReport: Sendable {
    private let title: String
    /// The step's name, as `canary stage`.
    package let step: String
    private let verdict: CanaryVerdict?
    private let plan: CanaryPlan
    private let looks: [Look]

    private struct Look {
        let time: Timestamp
        let measured: CanaryMeasured
        let verdict: CanaryVerdict?
    }

    /// Nil if the release's newest ride has no canary that was looked at.
    package init?(_ history: StreamHistory) {
        guard let last = history.all(CanaryMeasured.self).last?.payload.key else { return nil }
        self.init(history, last)
    }

    /// Those of all canaries of a release, in order.
    package static func all(_ history: StreamHistory) -> [CanaryReport] {
        var keys: [StepKey] = []
        for (_, measured) in history.all(CanaryMeasured.self)
        where !keys.contains(where: { $0.run == measured.key.run && $0.step == measured.key.step })
        {
            keys.append(measured.key)
        }
        return keys.compactMap { CanaryReport(history, $0) }
    }

    private init?(_ history: StreamHistory, _ last: StepKey) {
        let rides = history.all(TrainStarted.self)
        let measured = history.all(CanaryMeasured.self)
        guard let ride = rides.last(where: { $0.payload.run == last.run }),
            ride.payload.plan.indices.contains(last.step),
            case .canary(let plan) = ride.payload.plan[last.step]
        else { return nil }
        self.plan = plan
        let verdicts = history.all(CanaryVerdict.self).map(\.payload).filter {
            $0.key.run == last.run && $0.key.step == last.step
        }
        looks = measured.filter {
            $0.payload.key.run == last.run && $0.payload.key.step == last.step
        }
        .map { fact, measured in
            Look(
                time: fact.recordedTime, measured: measured,
                verdict: verdicts.last { $0.look == measured.look })
        }
        verdict = verdicts.last
        step = last.name
        title = "\(history.stream) · \(last.name)"
    }

    /// HTML with SVG in it.
    package var html: String {
        let outcome = verdict.map { "\($0.decision.rawValue): \($0.reason)" } ?? "not judged yet"
        let colour =
            switch verdict?.decision {
            case .pass?: "#176f3a"
            case .rollback?: "#b3261e"
            default: "#5f5f5f"
            }
        let head = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(Markup.escaped(title))</title>
            <style>
            body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;\
            color:#1c1c1c;background:#fff}
            h1{font-size:1.4rem;margin:0 0 .3rem}h2{font-size:1.05rem;margin:2rem 0 .2rem}
            p{margin:.2rem 0}svg{width:100%;height:auto;display:block}
            .outcome{color:\(colour);font-weight:600}.note{color:#5f5f5f}
            table{border-collapse:collapse;width:100%;margin-top:1rem}
            td,th{text-align:left;padding:.25rem .6rem .25rem 0;border-bottom:1px solid #e2e2e2;\
            vertical-align:top}
            .worse{color:#b3261e}.fine{color:#176f3a}
            text{font:11px system-ui,sans-serif;fill:#5f5f5f}
            </style></head><body>
            <h1>\(Markup.escaped(title))</h1>
            <p class="outcome">\(Markup.escaped(outcome))</p>
            <p class="note">\(looks.count) looks from \(time(looks.first)) to \(time(looks.last)) · \
            judge \(JudgeVersion.text) · α = \(plan.rates.alpha) for all checks together</p>

            """
        return head + sections(heading: "h2") + "</body></html>\n"
    }

    /// The table of checks and the charts, to stand in a page.
    ///
    /// - Parameter heading: The element of the charts' headings, as `h2`.
    func sections(heading: String) -> String {
        table + plan.checks.map { section($0, heading) }.joined()
    }

    private func time(_ look: Look?) -> String { look?.time.description ?? "" }

    private var table: String {
        let rows = (verdict?.checks ?? []).map { check in
            let name = check.object?["name"]?.string ?? ""
            let finding = check.object?["verdict"]?.string ?? ""
            let kind = finding == "worse" ? "worse" : finding == "not worse" ? "fine" : "note"
            return
                "<tr><td>\(Markup.escaped(name))</td><td class=\"\(kind)\">\(Markup.escaped(finding))"
                + "</td><td>\(Markup.escaped(check.object?["reason"]?.string ?? ""))</td></tr>\n"
        }
        return "<table><tr><th>check</th><th>verdict</th><th>what was seen</th></tr>\n"
            + "\(rows.joined())</table>\n"
    }

    private func section(_ check: CanaryCheck, _ heading: String) -> String {
        let charts: [Chart]
        switch check.kind {
        case .counts(let rule, _, let stable): charts = shares(check, rule, stable != nil)
        case .connections(let rule): charts = shares(check, rule, true)
        case .gauge: charts = [values(check)]
        case .alerts, .recordedAlerts, .reachable: return ""
        }
        return "<\(heading)>\(Markup.escaped(check.name))</\(heading)>\n"
            + charts.map(\.svg).joined()
    }

    private var times: [Double] {
        guard let first = looks.first else { return [] }
        return looks.map { ($0.time - first.time).inSeconds }
    }

    private func samples<Value>(_ check: CanaryCheck, _ read: (CheckSample.Content) -> Value?)
        -> [Value?]
    {
        looks.map { look in
            look.measured.samples.first { $0.check == check.name }.flatMap { read($0.content) }
        }
    }

    private func shares(_ check: CanaryCheck, _ rule: CountsRule, _ hasStable: Bool) -> [Chart] {
        func share(_ counts: RequestCounts) -> Double? {
            counts.total > 0 ? Double(counts.bad) / Double(counts.total) : nil
        }
        func shares(_ arm: KeyPath<LookCounts, RequestCounts>) -> [Double?] {
            samples(check) { content in
                if case .counts(let look) = content { share(look[keyPath: arm]) } else { nil }
            }
        }
        func numbers(_ name: String) -> [Double?] {
            looks.map { look in
                let verdict = look.verdict?.checks.first {
                    $0.object?["name"]?.string == check.name
                }
                guard case .number(let value)? = verdict?.object?[name] else { return nil }
                // Beyond that, more of it says no more.
                return min(6, max(-3, Elementary.ln(value) / Elementary.ln(10)))
            }
        }
        var ratio = Chart(title: "share of bad requests", times: times)
        ratio.isShare = true
        if hasStable { ratio.lines.append(Chart.Line("stable", shares(\.stable), "#3b6fb6")) }
        ratio.lines.append(Chart.Line("canary", shares(\.canary), "#c8641b"))
        if let limit = rule.worseLimit ?? rule.limit { ratio.marks.append(("limit", limit)) }
        var evidence = Chart(title: "evidence, as powers of ten", times: times)
        let alpha = plan.rates.shared(by: plan.checks.count { $0.isStatistical }).alpha
        evidence.marks.append(("worse", Elementary.ln(2 / alpha) / Elementary.ln(10)))
        evidence.marks.append(("not worse", Elementary.ln(1 / plan.rates.beta) / Elementary.ln(10)))
        evidence.lines = [
            Chart.Line("for worse", numbers("eWorse"), "#b3261e"),
            Chart.Line("for worse lately", numbers("eLate"), "#e08e88"),
            Chart.Line("for not worse", numbers("eNotWorse"), "#176f3a"),
        ]
        return [ratio, evidence]
    }

    private func values(_ check: CanaryCheck) -> Chart {
        func values(_ isCanary: Bool) -> [Double?] {
            samples(check) { content in
                if case .gauge(let canary, let stable) = content {
                    isCanary ? canary : stable
                } else {
                    nil
                }
            }
        }
        var chart = Chart(title: "value", times: times)
        chart.lines = [
            Chart.Line("stable", values(false), "#3b6fb6"),
            Chart.Line("canary", values(true), "#c8641b"),
        ]
        return chart
    }
}
