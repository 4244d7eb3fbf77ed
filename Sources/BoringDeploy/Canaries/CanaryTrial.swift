import EventSourcing
import LedgerCore

/// Folds the looks at a canary into verdicts on its checks. Pure, and so the same in a replay.
package struct CanaryTrial: Sendable {
    private static let flag: JSONObject = {
        var object = JSONObject()
        object["kind"] = "flag"
        return object
    }()

    private var judges: [(check: CanaryCheck, judge: Judge)] = []

    private enum Judge {
        case counts(CountsJudge)
        case gauge(GaugeJudge, canary: [Double], stable: [Double])
        case flag(CheckVerdict)
    }

    /// Of a gauge, so many newest values are judged: growth that begins late is seen as soon as
    /// growth that begins early.
    package static let gaugeWindow = 60

    /// What the newest look lacked, by check.
    private var missing: [String: String] = [:]

    package init(_ plan: CanaryPlan) {
        let rates = plan.rates.shared(by: plan.checks.count { $0.isStatistical })
        judges = plan.checks.map { check in
            switch check.kind {
            case .counts(let rule, _, _), .connections(let rule):
                (check, .counts(CountsJudge(check.name, rule, rates)))
            case .gauge(let rule, _, _):
                (check, .gauge(GaugeJudge(check.name, rule, rates), canary: [], stable: []))
            case .alerts, .recordedAlerts, .reachable:
                (
                    check,
                    .flag(CheckVerdict(check.name, .inconclusive, "it has not been looked at"))
                )
            }
        }
    }

    package mutating func take(_ samples: [CheckSample]) {
        missing = [:]
        for place in judges.indices {
            let name = judges[place].check.name
            let sample = samples.first { $0.check == name }?.content
            switch (judges[place].judge, sample) {
            case (.counts(var judge), .counts(let look)?):
                judge.take(look)
                judges[place].judge = .counts(judge)
            case (.gauge(var judge, var canary, var stable), .gauge(let now, let beside)?):
                canary = canary.suffix(Self.gaugeWindow - 1) + [now]
                stable = stable.suffix(Self.gaugeWindow - 1) + [beside]
                judge.take(canary, stable)
                judges[place].judge = .gauge(judge, canary: canary, stable: stable)
            case (.flag(let before), .flag(let isBad, let reason)?):
                // Once bad, it stays so.
                guard before.finding != .worse else { continue }
                judges[place].judge = .flag(
                    CheckVerdict(name, isBad ? .worse : .notWorse, reason, Self.flag))
            case (_, .missing(let reason)?): missing[name] = reason
            case (_, nil): missing[name] = "it has not been measured yet"
            default: missing[name] = "it was measured as something else"
            }
        }
    }

    /// Of every check. One that the newest look has nothing of does not pass.
    package var verdicts: [CheckVerdict] {
        judges.map { check, judge in
            var verdict =
                switch judge {
                case .counts(let judge): judge.verdict
                case .gauge(let judge, _, _): judge.verdict
                case .flag(let verdict): verdict
                }
            if let reason = missing[check.name] {
                verdict.numbers["missing"] = .string(reason)
                if verdict.finding != .worse {
                    verdict.finding = .inconclusive
                    verdict.reason = reason
                }
            }
            return verdict
        }
    }
}
