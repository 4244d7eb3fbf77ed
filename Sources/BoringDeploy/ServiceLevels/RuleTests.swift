import Foundation

/// Cases for `promtool test rules`: for each objective and each burn rate, counters that burn the
/// budget a little faster than the alert's threshold, a little slower, and fast but no longer.
/// https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/
package struct RuleTests: Sendable {
    private let levels: [ServiceLevel]
    /// As the file of tests names the file of rules.
    private let rules: String

    package init(_ levels: [ServiceLevel], rules: String) {
        self.levels = levels
        self.rules = rules
    }

    /// Objectives whose queries are too clever to make series for.
    package var untested: [ServiceLevel] { levels.filter { Series($0) == nil } }

    package var text: String {
        var text = "rule_files: [\(quoted(rules))]\nevaluation_interval: 5m\ntests:\n"
        for level in levels {
            guard let series = Series(level) else { continue }
            for burn in BurnRate.all where level.threshold(burn) < 1 {
                let threshold = level.threshold(burn).asDouble
                // Of 100,000 requests between two samples.
                let over = min(1, threshold * 1.1)
                text += test(level, burn, series, [(burn.long, over)], fires: true)
                text += test(level, burn, series, [(burn.long, threshold * 0.9)], fires: false)
                text += test(
                    level, burn, series,
                    [(burn.long, min(1, threshold * 2)), (burn.short * 2, 0)], fires: false)
            }
        }
        return text
    }

    private struct Series {
        let bad: SeriesExample
        let good: SeriesExample
        /// Whether the first is one of good requests, and the second of all.
        let isGood: Bool

        init?(_ level: ServiceLevel) {
            guard case .ratio(let part, let isGood, let total, true) = level.indicator,
                part.selectors.count == 1, total.selectors.count == 1,
                let one = SeriesExample(part.selectors[0]),
                var all = SeriesExample(total.selectors[0])
            else { return nil }
            self.isGood = isGood
            var some = one
            if one.metric == all.metric {
                // Both are of one metric: each request is in one series or in the other.
                for (label, value) in all.labels where some.labels[label] == nil {
                    some.labels[label] = value
                }
                if all.isSelected(by: part.selectors[0]) {
                    for label in one.labels.keys where all.labels[label] == one.labels[label] {
                        if total.selectors[0].matchers.contains(where: { $0.label == label }) {
                            return nil
                        }
                    }
                }
                for label in one.labels.keys where all.labels[label] == nil {
                    all.labels[label] = "other"
                }
                guard !all.isSelected(by: part.selectors[0]),
                    all.isSelected(by: total.selectors[0]),
                    some.isSelected(by: total.selectors[0])
                else { return nil }
            }
            bad = some
            good = all
        }

        /// Values of both counters over stretches of time with a share of bad requests each.
        func values(
            _ stretches: [(length: Duration, share: Double)], every step: Duration
        ) -> [(SeriesExample, String)] {
            var one = "0"
            var other = "0"
            var (first, second) = (0.0, 0.0)
            for (length, share) in stretches {
                let count = Int((length.inSeconds / step.inSeconds).rounded(.up)) + 1
                let badStep = (100_000 * share).rounded()
                let isApart = bad.metric == good.metric
                let some = isGood ? 100_000 - badStep : badStep
                let rest = isApart ? 100_000 - some : 100_000
                one += " \(Int(first + some))+\(Int(some))x\(count)"
                other += " \(Int(second + rest))+\(Int(rest))x\(count)"
                first += some * Double(count + 1)
                second += rest * Double(count + 1)
            }
            return [(bad, one), (good, other)]
        }
    }

    private func test(
        _ level: ServiceLevel, _ burn: BurnRate, _ series: Series,
        _ stretches: [(length: Duration, share: Double)], fires: Bool
    ) -> String {
        let step: Duration = burn.severity == .page ? .seconds(60) : .seconds(600)
        let end = stretches.reduce(Duration.zero) { $0 + $1.length }
        let values = series.values(stretches, every: step)
        let story = stretches.count > 1 ? "is over" : fires ? "burns" : "stays below"
        let name = "\(level.name), \(burn.long.prometheus): it \(story)"
        var text = "- name: \(quoted(name))\n"
        text += "  interval: \(step.prometheus)\n  input_series:\n"
        for (series, values) in values {
            text += "  - series: \(quoted(series.text))\n    values: \(quoted(values))\n"
        }
        let alert =
            "ALERTS{alertname=\(quoted(PrometheusRules.alertName(burn))),alertstate=\"firing\","
            + "service=\(quoted(level.service)),slo=\(quoted(level.name))}"
        text += "  promql_expr_test:\n  - expr: \(quoted("count(\(alert)) or vector(0)"))\n"
        text += "    eval_time: \(Int(end.inSeconds / 60))m\n"
        return text + "    exp_samples: [{labels: \"{}\", value: \(fires ? 1 : 0)}]\n"
    }
}
