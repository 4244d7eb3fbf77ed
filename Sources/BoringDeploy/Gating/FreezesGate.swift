import EventSourcing
import Foundation

/// Nothing goes to an environment while it is frozen.
package struct FreezesGate: Gate {
    package static let name = "freezes"

    package init() {}

    package func evaluate(_ question: GateQuestion) -> Verdict {
        let reasons = question.configuration.gates.freezes.compactMap { freeze -> GateReason? in
            let isMeant =
                freeze.environments.isEmpty
                || question.environment.map(freeze.environments.contains) ?? true
            guard isMeant else { return nil }
            guard let (start, end) = freeze.window else {
                return GateReason(
                    Self.name, "the freeze from \(freeze.from) to \(freeze.to) cannot be read",
                    remedy: "write its days as YYYY-MM-DD and its zone as Europe/Rome")
            }
            guard question.now >= start, question.now < end else { return nil }
            let why = freeze.reason.map { " (\($0))" } ?? ""
            return GateReason(
                Self.name, "frozen from \(freeze.from) to \(freeze.to), \(freeze.zone)\(why)",
                remedy:
                    "wait until \(end), or daybook override grant \(question.release) --gate freezes --reason … "
                    + "--for 2h --as NAME --key PATH")
        }
        return reasons.isEmpty ? .pass : .refuse(reasons)
    }

    package func ground(_ question: GateQuestion) -> String {
        "none in force\(question.environment.map { " for \($0)" } ?? "")"
    }
}

extension Freeze {
    /// From the first instant to the one after the last.
    package var window: (start: Timestamp, end: Timestamp)? {
        guard let zone = TimeZone(identifier: zone) else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        func instant(_ text: String, isEnd: Bool) -> Timestamp? {
            let parts = text.split(whereSeparator: { "-T:".contains($0) }).map { Int($0) }
            guard parts.count == 3 || parts.count == 5, !parts.contains(nil) else { return nil }
            var components = DateComponents()
            components.year = parts[0]
            components.month = parts[1]
            components.day = parts[2]
            components.hour = parts.count == 5 ? parts[3] : 0
            components.minute = parts.count == 5 ? parts[4] : 0
            guard components.isValidDate(in: calendar),
                let date = calendar.date(from: components)
            else { return nil }
            // A day as the end is included; days have 23 or 25 hours where clocks change.
            let isWholeDay = isEnd && parts.count == 3
            let moved = isWholeDay ? calendar.date(byAdding: .day, value: 1, to: date) : date
            return moved.map {
                Timestamp(microseconds: Int64($0.timeIntervalSince1970) * 1_000_000)
            }
        }
        guard let start = instant(from, isEnd: false), let end = instant(to, isEnd: true),
            start < end
        else { return nil }
        return (start, end)
    }
}
