import LedgerCore

/// What a check of a gauge asks: backlog, saturation. More is worse.
package struct GaugeRule: Sendable, Equatable {
    /// How far the canary may lie above the stable version, or grow beyond it, in the gauge's unit;
    /// nil for a quarter of the stable version's median.
    package var tolerance: Double?
    /// Values of the canary below which nothing is shown.
    package var minimum: Int

    package init(tolerance: Double? = nil, minimum: Int = 5) {
        self.tolerance = tolerance
        self.minimum = minimum
    }

    /// More values make more pairs than are looked at.
    package static let mostValues = 4096
}

/// Judges a gauge by ranks: whether the canary lies higher than the stable version, and whether it
/// grows. The tests are for one look; the k-th look of a canary has the share α/(k(k + 1)), and all
/// looks together have α. docs/spec/judge.md.
package struct GaugeJudge: Sendable {
    private let name: String
    private let rule: GaugeRule
    private let rates: ErrorRates
    private var shownWorse: (look: Int, verdict: CheckVerdict)?
    private var looks = 0
    private var last: CheckVerdict

    package init(_ name: String, _ rule: GaugeRule, _ rates: ErrorRates) {
        self.name = name
        self.rule = rule
        self.rates = rates
        last = CheckVerdict(name, .inconclusive, "there is no data yet")
    }

    /// - Parameters:
    ///   - canary: All its values up to now, in order of time, at even distances.
    ///   - onlyLook: Whether all of α belongs to this look.
    package mutating func take(_ canary: [Double], _ stable: [Double], onlyLook: Bool = false) {
        looks += 1
        let k = Double(looks)
        let alpha = onlyLook ? rates.alpha : rates.alpha / (k * (k + 1))
        last = judge(canary, stable, alpha)
        if shownWorse == nil, last.finding == .worse { shownWorse = (looks, last) }
    }

    /// Once shown worse, it stays so.
    package var verdict: CheckVerdict { shownWorse?.verdict ?? last }

    private func judge(_ canary: [Double], _ stable: [Double], _ alpha: Double) -> CheckVerdict {
        var numbers = JSONObject()
        numbers["kind"] = "gauge"
        numbers["alpha"] = .number(alpha)
        numbers["beta"] = .number(rates.beta)
        numbers["looks"] = .integer(looks)
        let trend = Trend(canary)
        numbers["slope"] = trend.map { .finite($0.slope) } ?? .null
        numbers["pSlope"] = trend.map { .number($0.p) } ?? .null
        guard !canary.isEmpty, !stable.isEmpty else {
            for name in ["u", "p", "shift", "interval"] { numbers[name] = .null }
            let who = canary.isEmpty ? "the canary" : "the stable version"
            return CheckVerdict(name, .inconclusive, "\(who) has no values", numbers)
        }
        let test = MannWhitney(canary, stable)
        let shift = HodgesLehmann(canary, stable, confidence: 1 - rates.beta)
        let tolerance = rule.tolerance ?? stable.median.magnitude / 4
        numbers["u"] = .number(test.u)
        numbers["p"] = .number(test.p)
        numbers["shift"] = .finite(shift.shift)
        numbers["interval"] = [.finite(shift.lower), .finite(shift.upper)]
        numbers["tolerance"] = .finite(tolerance)
        // Half of α for each of the two tests.
        let isHigher = test.p <= alpha / 2 && shift.shift > tolerance
        let growth = Self.growth(trend, canary.count)
        let isGrowing =
            (trend?.p ?? 1) <= alpha / 2
            && growth - Self.growth(Trend(stable), stable.count) > tolerance
        let finding: CheckFinding =
            if min(canary.count, stable.count) < rule.minimum {
                .inconclusive
            } else if isHigher || isGrowing {
                .worse
            } else if shift.upper <= tolerance {
                .notWorse
            } else {
                .inconclusive
            }
        let text =
            "it lies \(Self.text(shift.shift.magnitude)) "
            + (shift.shift < 0 ? "below" : "above") + " the stable version"
        let reason =
            switch finding {
            case .worse where isHigher: text + ", where \(Self.text(tolerance)) is borne"
            case .worse: "it grew by \(Self.text(growth)), where \(Self.text(tolerance)) is borne"
            case .notWorse: text + ": not worse"
            case .inconclusive:
                text + " in \(canary.count) values: not shown either way; it needs more of them"
            }
        return CheckVerdict(name, finding, reason, numbers)
    }

    private static func growth(_ trend: Trend?, _ count: Int) -> Double {
        max(0, trend.map { $0.slope * Double(count - 1) } ?? 0)
    }

    private static func text(_ value: Double) -> String {
        let rounded = (value * 1000).rounded() / 1000
        return rounded == rounded.rounded() && rounded.magnitude < 1e15
            ? String(Int(rounded)) : String(rounded)
    }
}
