import Foundation

/// An objective's errors as PromQL, over any window.
struct ErrorQueries {
    let level: ServiceLevel

    /// Bad requests a second; nil where only the share is known.
    func errors(over window: String) -> String? {
        guard case .ratio(let part, let isGood, _, _) = level.indicator,
            let total = requests(over: window)
        else { return nil }
        let some = "sum(\(part.over(window, function: function)))"
        // A series of bad or of good requests comes with the first of them.
        return isGood
            ? "clamp_min(\(total) - (\(some) or vector(0)), 0)" : "(\(some) or 0 * \(total))"
    }

    /// All requests a second.
    func requests(over window: String) -> String? {
        guard case .ratio(_, _, let total, _) = level.indicator else { return nil }
        return "sum(\(total.over(window, function: function)))"
    }

    private var function: String {
        if case .ratio(_, _, _, isCounter: false) = level.indicator {
            "sum_over_time"
        } else {
            "rate"
        }
    }

    /// Σ bad / Σ all of a window.
    func ratio(over window: String) -> String {
        if let errors = errors(over: window), let requests = requests(over: window) {
            return "\(errors) / \(requests)"
        }
        guard case .raw(let query, let isFailure) = level.indicator else { return "" }
        let share =
            query.contains("{{.window}}")
            ? "(\(query.replacing("{{.window}}", with: window)))"
            : "avg_over_time((\(query))[\(window):])"
        return isFailure ? share : "1 - \(share)"
    }
}

extension Duration {
    /// As Prometheus writes it: `5m`, `6h`, `30d`.
    package var prometheus: String {
        let seconds = components.seconds
        for (unit, length) in [("d", Int64(86_400)), ("h", 3600), ("m", 60)]
        where seconds % length == 0 {
            return "\(seconds / length)\(unit)"
        }
        return "\(seconds)s"
    }
}

extension ServiceLevel {
    /// Σ bad / Σ all of a window such as `1h`, as PromQL.
    package func errorRatio(over window: String) -> String {
        ErrorQueries(level: self).ratio(over: window)
    }
}
