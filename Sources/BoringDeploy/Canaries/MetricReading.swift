import EventSourcing
import LedgerCore

/// What a source of metrics answered at one moment, kept as it came: numbers are texts, as
/// Prometheus writes them.
package struct MetricReading: Sendable, Equatable {
    package struct Series: Sendable, Equatable {
        /// Canonical JSON of its labels.
        package var labels: String
        package var value: String

        package init(labels: String, value: String) {
            self.labels = labels
            self.value = value
        }

        /// Nil for what is no finite number.
        package var number: Double? {
            Double(value).flatMap { $0.isFinite ? $0 : nil }
        }
    }

    package enum Answer: Sendable, Equatable {
        case series([Series])
        case failed(String)
    }

    /// The source's own clock, in seconds since 1970; nil if it did not answer.
    package var time: Double?
    /// By the query that was asked.
    package var answers: [String: Answer]

    package init(time: Double?, answers: [String: Answer]) {
        self.time = time
        self.answers = answers
    }

    /// Of a source that did not answer at all.
    package static func failed(_ queries: [String], _ reason: String) -> MetricReading {
        MetricReading(
            time: nil,
            answers: Dictionary(uniqueKeysWithValues: queries.map { ($0, .failed(reason)) }))
    }

    package var json: JSONValue {
        [
            "time": time.map { .number($0) } ?? .null,
            "answers": .array(
                answers.sorted { $0.key < $1.key }.map { query, answer in
                    switch answer {
                    case .failed(let reason):
                        ["query": .string(query), "error": .string(reason)]
                    case .series(let series):
                        [
                            "query": .string(query),
                            "series": .array(
                                series.map {
                                    ["labels": .string($0.labels), "value": .string($0.value)]
                                }),
                        ]
                    }
                }),
        ]
    }

    package init(_ data: PayloadReader) throws(EventError) {
        time = data.has("time") ? try data.number("time") : nil
        answers = [:]
        for answer in try data.objects("answers") {
            let query = try answer.text("query")
            if answer.has("error") {
                answers[query] = .failed(try answer.text("error"))
                continue
            }
            var series: [Series] = []
            for one in try answer.objects("series") {
                series.append(
                    Series(labels: try one.text("labels"), value: try one.text("value")))
            }
            answers[query] = .series(series)
        }
    }
}

/// What the router said at one moment.
package struct RouterReading: Sendable, Equatable {
    /// Of one version: what the router has sent there since it started.
    package struct Arm: Sendable, Equatable {
        package var weight: Int
        package var isUp: Bool
        /// Nil where the router counts nothing.
        package var connections: Int?
        package var failures: Int?

        package init(weight: Int, isUp: Bool, connections: Int? = nil, failures: Int? = nil) {
            self.weight = weight
            self.isUp = isUp
            self.connections = connections
            self.failures = failures
        }
    }

    package var canary: Arm
    package var stable: Arm

    package init(canary: Arm, stable: Arm) {
        self.canary = canary
        self.stable = stable
    }

    /// The canary's share of the traffic, of a hundred.
    package var percent: Int {
        let all = canary.weight + stable.weight
        return all > 0 ? Int((Double(canary.weight) * 100 / Double(all)).rounded()) : 0
    }

    package var json: JSONValue { ["canary": canary.json, "stable": stable.json] }

    package init(_ data: PayloadReader) throws(EventError) {
        canary = try Arm(data.object("canary"))
        stable = try Arm(data.object("stable"))
    }
}

extension RouterReading.Arm {
    fileprivate var json: JSONValue {
        [
            "weight": .integer(weight), "up": .bool(isUp),
            "connections": connections.map { .integer($0) } ?? .null,
            "failures": failures.map { .integer($0) } ?? .null,
        ]
    }

    fileprivate init(_ data: PayloadReader) throws(EventError) {
        weight = try data.integer("weight")
        isUp = try data.bool("up")
        connections = data.has("connections") ? try data.integer("connections") : nil
        failures = data.has("failures") ? try data.integer("failures") : nil
    }
}
