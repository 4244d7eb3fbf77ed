import Foundation

/// Recording and alerting rules of objectives, as a file of Prometheus
/// (https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/).
///
/// For each window the share of bad requests, `slo:errors_per_request:ratio_rate<window>`; over the
/// whole period it is Σ bad / Σ all. For each burn rate an alert that fires while the share exceeds
/// factor × budget over the long window and over the short one.
package struct PrometheusRules: Sendable {
    package let levels: [ServiceLevel]

    package init(_ levels: [ServiceLevel]) { self.levels = levels }

    package static func alertName(_ burn: BurnRate) -> String {
        "SLOBudgetBurn\(burn.long.prometheus)"
    }

    static func ratio(_ window: String) -> String { "slo:errors_per_request:ratio_rate\(window)" }

    /// Alerts that could never fire, because the share would have to exceed everything.
    package var silent: [(level: ServiceLevel, burn: BurnRate)] {
        levels.flatMap { level in
            BurnRate.all.filter { level.threshold($0) >= 1 }.map { (level, $0) }
        }
    }

    package var text: String {
        "# Made by daybook slo rules. Change the objectives, not this file.\ngroups:\n"
            + levels.map(group).joined()
    }

    private func group(_ level: ServiceLevel) -> String {
        var text = "- name: \(quoted("slo-\(level.name)"))\n  rules:\n"
        let labels = "    labels: {service: \(quoted(level.service)), slo: \(quoted(level.name))}\n"
        func record(_ name: String, _ expression: String) {
            text += "  - record: \(name)\n    expr: \(quoted(expression))\n" + labels
        }
        let queries = ErrorQueries(level: level)
        let windows = Set(BurnRate.all.flatMap { [$0.long, $0.short] }).sorted()
        for window in windows.map(\.prometheus) {
            record(Self.ratio(window), queries.ratio(over: window))
        }
        let mine = "{service=\(quoted(level.service)),slo=\(quoted(level.name))}"
        let period = level.period.prometheus
        let shortest = windows[0].prometheus
        if let errors = queries.errors(over: shortest),
            let requests = queries.requests(over: shortest)
        {
            record("slo:errors:rate\(shortest)", errors)
            record("slo:requests:rate\(shortest)", requests)
            record(
                Self.ratio(period),
                "sum_over_time(slo:errors:rate\(shortest)\(mine)[\(period)]) / "
                    + "sum_over_time(slo:requests:rate\(shortest)\(mine)[\(period)])")
        } else {
            record(Self.ratio(period), "avg_over_time(\(Self.ratio(shortest))\(mine)[\(period)])")
        }
        record("slo:objective:ratio", "vector(\(level.target))")
        record("slo:error_budget:ratio", "vector(\(level.budget))")
        record(
            "slo:error_budget_remaining:ratio",
            "1 - \(Self.ratio(period))\(mine) / \(level.budget)")
        record("slo:burn_rate:ratio", "\(Self.ratio("1h"))\(mine) / \(level.budget)")
        for burn in BurnRate.all {
            text += alert(burn, level, mine)
        }
        return text
    }

    private func alert(_ burn: BurnRate, _ level: ServiceLevel, _ mine: String) -> String {
        let threshold = level.threshold(burn)
        let factor = burn.factor(over: level.period)
        let (long, short) = (burn.long.prometheus, burn.short.prometheus)
        guard threshold < 1 else {
            return
                "  # No alert over \(long): \(factor) times the budget of \(level.budget) is more "
                + "than all requests.\n"
        }
        let expression = [long, short].map { "\(Self.ratio($0))\(mine) > \(threshold)" }
            .joined(separator: " and ")
        let summary =
            "\(level.name) burns its error budget \(factor) times as fast as \(level.period.prometheus) "
            + "allow"
        let description =
            "{{ $value | humanizePercentage }} of the requests of \(level.service) were bad in the "
            + "last \(long); the objective is \(level.target)."
        let labels = [
            ("service", level.service), ("slo", level.name),
            ("severity", burn.severity.rawValue), ("long_window", long), ("short_window", short),
        ].map { "\($0): \(quoted($1))" }.joined(separator: ", ")
        return [
            "  - alert: \(Self.alertName(burn))", "    expr: \(quoted(expression))",
            "    labels: {\(labels)}", "    annotations:", "      summary: \(quoted(summary))",
            "      description: \(quoted(description))", "",
        ].joined(separator: "\n")
    }
}

extension ServiceLevel {
    /// The share of bad requests above which a burn rate is exceeded.
    package func threshold(_ burn: BurnRate) -> Decimal { budget * burn.factor(over: period) }
}

/// A text as YAML and JSON write it alike.
func quoted(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": escaped += "\\\""
        case "\\": escaped += "\\\\"
        case "\n": escaped += "\\n"
        case _ where scalar.value < 0x20: escaped += "\\u" + String(format: "%04x", scalar.value)
        default: escaped.unicodeScalars.append(scalar)
        }
    }
    return "\"\(escaped)\""
}
