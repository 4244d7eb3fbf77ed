import EventSourcing
import LedgerCore

/// Events that somebody else must have recorded about the release since it was cut: a scan, a
/// sign-off, a test run.
package struct EventsGate: Gate {
    package static let name = "events"

    package init() {}

    package func evaluate(_ question: GateQuestion) -> Verdict {
        guard let cut = question.history.cut else { return .pass }
        let recorded = question.history.facts.filter { $0.position > cut.fact.position }
        let reasons = question.configuration.gates.events.compactMap { wanted -> GateReason? in
            let type = EventType(expanding: wanted.type)
            let name = type.versioned?.name ?? type.text
            let found = recorded.contains { fact in
                (fact.type == name || fact.type == type.text)
                    && wanted.data.allSatisfy { Self.text(fact.data.object?[$0.key]) == $0.value }
                    && wanted.within.map { fact.recordedTime.isWithin($0, of: question.now) }
                        ?? true
            }
            guard !found else { return nil }
            let data = wanted.data.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            let with = data.isEmpty ? "" : " with \(data.joined(separator: ", "))"
            return GateReason(
                Self.name, "no event \(wanted.type)\(with) since the cut",
                remedy:
                    "daybook append --type \(wanted.type) --subject \(question.release) --data …")
        }
        return reasons.isEmpty ? .pass : .inconclusive(reasons)
    }

    package func ground(_ question: GateQuestion) -> String {
        let types = question.configuration.gates.events.map(\.type)
        return types.isEmpty
            ? "none is asked for" : "recorded since the cut: \(types.joined(separator: ", "))"
    }

    private static func text(_ value: JSONValue?) -> String? {
        value.map { $0.string ?? CanonicalJSONWriter.text(of: $0) }
    }
}

extension Timestamp {
    package func isWithin(_ duration: Duration, of now: Timestamp) -> Bool {
        now.microseconds - microseconds <= duration.microseconds
    }

    package static func + (time: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(microseconds: time.microseconds + duration.microseconds)
    }

    package static func - (end: Timestamp, start: Timestamp) -> Duration {
        .microseconds(end.microseconds - start.microseconds)
    }
}

extension Duration {
    package var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
