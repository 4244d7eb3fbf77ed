import EventSourcing
import LedgerCore

/// A canary's course as one page that needs nothing else: for each check the shares of bad requests
/// or the values of both versions, look by look, and below them the evidence against its threshold.
package struct CanaryReport: Sendable {
    private let title: String
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
        let rides = history.all(TrainStarted.self)
        let measured = history.all(CanaryMeasured.self)
        guard let last = measured.last?.payload.key,
            let ride = rides.last(where: { $0.payload.run == last.run }),
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
        return head + table + plan.checks.map(section).joined() + "</body></html>\n"
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
        return "<table><tr><th>check</th><th>verdict</th><th></th></tr>\n\(rows.joined())</table>\n"
    }

    private func section(_ check: CanaryCheck) -> String {
        let charts: [Chart]
        switch check.kind {
        case .counts(let rule, _, let stable): charts = shares(check, rule, stable != nil)
        case .connections(let rule): charts = shares(check, rule, true)
        case .gauge: charts = [values(check)]
        case .alerts, .recordedAlerts, .reachable: return ""
        }
        return "<h2>\(Markup.escaped(check.name))</h2>\n" + charts.map(\.svg).joined()
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

/// Lines over time as SVG. Numbers are rounded, so that the same course is the same page.
private struct Chart {
    struct Line {
        let name: String
        let values: [Double?]
        let colour: String

        init(_ name: String, _ values: [Double?], _ colour: String) {
            self.name = name
            self.values = values
            self.colour = colour
        }
    }

    let title: String
    /// In seconds from the first.
    let times: [Double]
    var lines: [Line] = []
    var marks: [(name: String, value: Double)] = []
    /// Values are parts of a whole, shown as percent.
    var isShare = false

    init(title: String, times: [Double]) {
        self.title = title
        self.times = times
    }

    private static let (width, height) = (860.0, 170.0)
    private static let (left, right, top, bottom) = (60.0, 130.0, 20.0, 22.0)

    var svg: String {
        let all = lines.flatMap { $0.values.compactMap(\.self) } + marks.map(\.value)
        let low = min(0, all.min() ?? 0)
        let high = max(all.max() ?? 1, low + 1e-9)
        let span = max(times.last ?? 1, 1e-9)
        func x(_ time: Double) -> Double {
            Self.left + time / span * (Self.width - Self.left - Self.right)
        }
        func y(_ value: Double) -> Double {
            Self.height - Self.bottom
                - (value - low) / (high - low) * (Self.height - Self.top - Self.bottom)
        }
        var svg =
            "<svg viewBox=\"0 0 \(Self.text(Self.width)) \(Self.text(Self.height))\" "
            + "role=\"img\" aria-label=\"\(Markup.escaped(title))\">"
        svg += label(Self.left, 12, title)
        for value in [low, (low + high) / 2, high] {
            svg += line(Self.left, y(value), Self.width - Self.right, y(value), "#e2e2e2", "")
            svg += label(
                Self.left - 6, y(value) + 4, isShare ? Percentage.text(value) : Self.short(value),
                anchor: "end")
        }
        svg += label(Self.left, Self.height - 6, "0 s")
        svg += label(
            Self.width - Self.right, Self.height - 6, "\(Self.short(span)) s", anchor: "end")
        for mark in marks {
            svg += line(
                Self.left, y(mark.value), Self.width - Self.right, y(mark.value), "#5f5f5f",
                " stroke-dasharray=\"4 3\"")
        }
        var taken: [Double] = []
        /// Labels at the right end, below each other.
        func place(_ wanted: Double) -> Double {
            let places = (0...12).flatMap { [wanted - 12 * Double($0), wanted + 12 * Double($0)] }
            let free = places.first { place in
                place >= 10 && place <= Self.height - 2
                    && !taken.contains { ($0 - place).magnitude < 11.9 }
            }
            taken.append(free ?? wanted)
            return free ?? wanted
        }
        for mark in marks {
            svg += label(Self.width - Self.right + 6, place(y(mark.value) + 4), mark.name)
        }
        for one in lines {
            var path = ""
            var isOpen = false
            var dots = ""
            for (time, value) in zip(times, one.values) {
                guard let value else {
                    isOpen = false
                    continue
                }
                path += "\(isOpen ? "L" : "M")\(Self.text(x(time))) \(Self.text(y(value)))"
                isOpen = true
                // One value between two gaps is no line.
                dots +=
                    "<circle cx=\"\(Self.text(x(time)))\" cy=\"\(Self.text(y(value)))\" r=\"2\" "
                    + "fill=\"\(one.colour)\"/>"
            }
            guard let last = one.values.compactMap(\.self).last else { continue }
            svg +=
                "<path d=\"\(path)\" fill=\"none\" stroke=\"\(one.colour)\" stroke-width=\"1.8\"/>"
                + dots
            svg += label(
                Self.width - Self.right + 6, place(y(last) + 4), one.name, colour: one.colour)
        }
        return svg + "</svg>\n"
    }

    private func line(
        _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ colour: String, _ more: String
    ) -> String {
        "<path d=\"M\(Self.text(x1)) \(Self.text(y1))L\(Self.text(x2)) \(Self.text(y2))\" "
            + "stroke=\"\(colour)\"\(more)/>"
    }

    private func label(
        _ x: Double, _ y: Double, _ text: String, anchor: String = "start", colour: String? = nil
    ) -> String {
        "<text x=\"\(Self.text(x))\" y=\"\(Self.text(y))\" text-anchor=\"\(anchor)\""
            + (colour.map { " style=\"fill:\($0)\"" } ?? "") + ">\(Markup.escaped(text))</text>"
    }

    /// With one digit after the point.
    private static func text(_ value: Double) -> String {
        let rounded = (value * 10).rounded() / 10
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
    }

    private static func short(_ value: Double) -> String {
        value.magnitude >= 10
            ? String(Int(value.rounded())) : String((value * 1000).rounded() / 1000)
    }
}

enum Markup {
    static func escaped(_ text: String) -> String {
        text.map { character in
            switch character {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            default: String(character)
            }
        }.joined()
    }
}
