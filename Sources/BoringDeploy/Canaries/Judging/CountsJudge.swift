import LedgerCore

/// Judges counts of bad requests, look by look, by an anytime-valid test: however often it is
/// asked, the false alarms over all looks together stay at or under α. docs/spec/judge.md.
package struct CountsJudge: Sendable {
    private let name: String
    private let rule: CountsRule
    private let rates: ErrorRates

    private let worseRatio = RiskRatioTest.worse
    private let betterRatio: RiskRatioTest
    private let worseLimit: LimitTest?
    private let betterLimit: LimitTest?

    private var worse: EProcess
    private var better: EProcess
    private var betterAlone: EProcess
    private var canary = RequestCounts.none
    private var stable = RequestCounts.none
    private var looks = 0
    /// The first look, counted from 1, at which "worse" was shown.
    private var shownWorse: Int?

    /// - Parameter rates: This check's own share.
    package init(_ name: String, _ rule: CountsRule, _ rates: ErrorRates) {
        self.name = name
        self.rule = rule
        self.rates = rates
        betterRatio = .notWorse(than: rule.ratio)
        worseLimit = (rule.worseLimit ?? rule.limit).map(LimitTest.worse)
        betterLimit = rule.limit.map(LimitTest.notWorse)
        worse = EProcess(alternatives: Grid.worse.count)
        better = EProcess(alternatives: Grid.better.count)
        betterAlone = EProcess(alternatives: Grid.better.count)
    }

    package mutating func take(_ look: LookCounts) {
        looks += 1
        canary = canary + look.canary
        stable = stable + look.stable
        switch rule.kind {
        case .comparison:
            worse.multiply { worseRatio.logRatio(look, $0) }
            better.multiply { betterRatio.logRatio(look, $0) }
        case .limit:
            if let worseLimit { worse.multiply { worseLimit.logRatio(look.canary, $0) } }
        }
        if let betterLimit { betterAlone.multiply { betterLimit.logRatio(look.canary, $0) } }
        if shownWorse == nil, canary.total >= min(rule.minimum, Self.fewest), isWorse {
            shownWorse = looks
        }
    }

    /// Never called worse on fewer requests than this, whatever the minimum: one bad request in a
    /// handful is no pattern.
    private static let fewest = 5

    /// Half of α each: for the whole time, and for a part of it up to now.
    private var isWorse: Bool { max(worse.log, worse.logLate) >= Elementary.ln(2 / rates.alpha) }

    private var logNotWorse: Double { logNotWorse(better.log, betterAlone.log) }

    /// The larger of two e-values is none, but their average is: under the hypothesis that the
    /// canary is worse than the stable version and over the limit.
    private func logNotWorse(_ better: Double, _ alone: Double) -> Double {
        switch (rule.kind, rule.limit) {
        case (.limit, _): alone
        case (.comparison, nil): better
        case (.comparison, _?): Elementary.lnSum([better, alone]) - Elementary.ln(2)
        }
    }

    package var verdict: CheckVerdict {
        let enough = Elementary.ln(1 / rates.beta)
        let finding: CheckFinding =
            if shownWorse != nil {
                .worse
            } else if canary.total >= rule.minimum, logNotWorse >= enough {
                .notWorse
            } else {
                .inconclusive
            }
        var numbers = JSONObject()
        numbers["kind"] = "counts"
        numbers["alpha"] = .number(rates.alpha)
        numbers["beta"] = .number(rates.beta)
        numbers["looks"] = .integer(looks)
        numbers["canary"] = canary.json
        if rule.kind == .comparison { numbers["stable"] = stable.json }
        numbers["eWorse"] = .finite(Elementary.exp(worse.log))
        numbers["eLate"] = .finite(Elementary.exp(worse.logLate))
        numbers["eNotWorse"] = .finite(Elementary.exp(logNotWorse))
        numbers["shownAt"] = shownWorse.map { .integer($0) } ?? .null
        let needed = finding == .inconclusive ? needed(enough) : finding == .notWorse ? 0 : nil
        numbers["needed"] = needed.map { .integer($0) } ?? .null
        return CheckVerdict(name, finding, reason(finding, needed), numbers)
    }

    private func reason(_ finding: CheckFinding, _ needed: Int?) -> String {
        var text = "\(canary.bad) of \(canary.total) requests were bad"
        if rule.kind == .comparison {
            text += ", \(stable.bad) of \(stable.total) in the stable version"
        } else if let limit = rule.worseLimit ?? rule.limit {
            text += ", where \(Percentage.text(limit)) is the limit"
        }
        switch finding {
        case .worse: return text + ": worse"
        case .notWorse: return text + ": not worse"
        case .inconclusive:
            let more = needed.map { "about \($0) more requests" } ?? "more bad requests or a limit"
            return text + ": not shown either way; it needs \(more)"
        }
    }

    /// An estimate of how many more requests of the canary show either, if both versions go on as
    /// they did; nil if no number would.
    private func needed(_ enough: Double) -> Int? {
        let one = growth
        func isEnough(_ more: Int) -> Bool {
            let growths = [one.better, one.alone].map { $0.map { $0 * Double(more) } }
            let isNotWorse =
                logNotWorse(
                    better.log(growingBy: growths[0]), betterAlone.log(growingBy: growths[1]))
                >= enough
            return isNotWorse
                || worse.log(growingBy: one.worse.map { $0 * Double(more) })
                    >= Elementary.ln(2 / rates.alpha)
        }
        let missing = max(0, rule.minimum - canary.total)
        guard !isEnough(missing) else { return missing }
        var (low, high) = (missing, max(1, missing))
        while !isEnough(high) {
            guard high < 1 << 40 else { return nil }
            (low, high) = (high, high * 2)
        }
        while high - low > 1 {
            let middle = (low + high) / 2
            if isEnough(middle) { high = middle } else { low = middle }
        }
        return high
    }

    /// What one more request of the canary, and as many of the stable version as up to now, add to
    /// the logarithm of each alternative, on average.
    private var growth: (worse: [Double], better: [Double], alone: [Double]) {
        let own = Double(canary.bad) / Double(max(1, canary.total))
        func growth(_ test: LimitTest) -> [Double] {
            let odds = test.limit / (1 - test.limit)
            return test.alternatives.map { times in
                own * Elementary.ln(times) + Elementary.ln((1 + odds) / (1 + times * odds))
            }
        }
        let alone = betterLimit.map(growth) ?? Grid.better.map { _ in 0 }
        guard rule.kind == .comparison else {
            let worse = worseLimit.map(growth) ?? Grid.worse.map { _ in 0 }
            return (worse, Grid.better.map { _ in 0 }, alone)
        }
        let all = canary + stable
        let bad = Double(all.bad) / Double(max(1, all.total))
        let others = Double(stable.total) / Double(max(1, canary.total))
        // "Not worse" is estimated as if the canary were as the stable version, "worse" as it is.
        let better = betterRatio.alternatives.map { ratio in
            let against = betterRatio.against
            return bad
                * (Elementary.ln(ratio / against)
                    + (1 + others) * Elementary.ln((against + others) / (ratio + others)))
        }
        let each = Double(all.bad) / Double(max(1, canary.total))
        let worse = worseRatio.alternatives.map { ratio in
            own * Elementary.ln(ratio) + each * Elementary.ln((1 + others) / (ratio + others))
        }
        return (worse, better, alone)
    }
}

/// Shares as people read them.
enum Percentage {
    /// As `14.4%`; at most four digits after the point.
    static func text(_ share: Double) -> String {
        let scaled = (share * 1_000_000).rounded() / 10_000
        let text = String(scaled)
        return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + "%"
    }
}
