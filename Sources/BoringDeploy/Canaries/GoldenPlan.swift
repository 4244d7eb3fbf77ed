import EventSourcing
import LedgerCore

/// The four golden signals of a service (Google's Site Reliability Engineering, chapter 6), which must
/// stay, for so long after a deployment, within bounds of what they were before it.
package struct GoldenPlan: Sendable, Equatable {
    package struct Signal: Sendable, Equatable {
        /// `latency`, `traffic`, `errors`, `saturation`.
        package var name: String
        package var query: String
        /// How many times what it was before.
        package var most: Double?
        package var least: Double?
        /// In the signal's own unit; borne besides in both directions.
        package var slack: Double

        package init(
            name: String, query: String, most: Double? = nil, least: Double? = nil,
            slack: Double = 0
        ) {
            self.name = name
            self.query = query
            self.most = most
            self.least = least
            self.slack = slack
        }
    }

    package var duration: Duration
    package var every: Duration
    package var signals: [Signal]

    package init(duration: Duration, every: Duration, signals: [Signal]) {
        self.duration = duration
        self.every = every
        self.signals = signals
    }

    package static let names = ["latency", "traffic", "errors", "saturation"]

    package enum Finding: Sendable, Equatable {
        case good(String)
        case bad(String)
        case missing(String)
    }

    /// - Parameters:
    ///   - now: What the source answers now.
    ///   - before: What it answers for the time just before the deployment.
    package func judge(_ now: MetricReading, before: MetricReading) -> Finding {
        var shown: [String] = []
        for signal in signals {
            let (found, known): (Double, Double)
            switch (signal.value(in: now), signal.value(in: before)) {
            case (.success(let a), .success(let b)): (found, known) = (a, b)
            case (.failure(let fault), _): return .missing("\(signal.name) now: \(fault.reason)")
            case (_, .failure(let fault)):
                return .missing("\(signal.name) before the deployment: \(fault.reason)")
            }
            let text = "\(signal.name) is \(Self.short(found)), was \(Self.short(known))"
            if let most = signal.most, found > known * most + signal.slack {
                return .bad("\(text); at most \(Self.short(known * most + signal.slack)) is borne")
            }
            if let least = signal.least, found < known * least - signal.slack {
                return .bad(
                    "\(text); at least \(Self.short(known * least - signal.slack)) is asked")
            }
            shown.append(text)
        }
        return .good(shown.joined(separator: "; "))
    }

    private static func short(_ value: Double) -> String {
        value.magnitude >= 1000 || value == value.rounded() && value.magnitude < 1e15
            ? String(Int(min(max(value, -1e15), 1e15).rounded()))
            : String((value * 10_000).rounded() / 10_000)
    }
}

struct SignalFault: Error {
    let reason: String
}

extension GoldenPlan.Signal {
    /// The one number that its query gives.
    fileprivate func value(in reading: MetricReading) -> Result<Double, SignalFault> {
        switch reading.answers[query] {
        case .series(let series):
            guard series.count == 1 else {
                return .failure(
                    SignalFault(reason: "\(query) gives \(series.count) series, not one"))
            }
            guard let number = series[0].number else {
                return .failure(SignalFault(reason: "\(query) is \(series[0].value)"))
            }
            return .success(number)
        case .failed(let reason): return .failure(SignalFault(reason: reason))
        case nil: return .failure(SignalFault(reason: "\(query) was not asked"))
        }
    }
}

extension GoldenPlan {
    var json: JSONValue {
        [
            "seconds": .number(duration.inSeconds), "every": .number(every.inSeconds),
            "signals": .array(
                signals.map {
                    [
                        "name": .string($0.name), "query": .string($0.query),
                        "most": $0.most.map { .number($0) } ?? .null,
                        "least": $0.least.map { .number($0) } ?? .null, "slack": .number($0.slack),
                    ]
                }),
        ]
    }

    init(_ data: PayloadReader) throws(EventError) {
        var signals: [Signal] = []
        for signal in try data.objects("signals") {
            signals.append(
                Signal(
                    name: try signal.text("name"), query: try signal.text("query"),
                    most: signal.has("most") ? try signal.number("most") : nil,
                    least: signal.has("least") ? try signal.number("least") : nil,
                    slack: try signal.number("slack")))
        }
        self.init(
            duration: try data.seconds("seconds"), every: try data.seconds("every"),
            signals: signals)
    }
}
