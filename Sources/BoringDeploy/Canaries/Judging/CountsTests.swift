// The likelihood ratios of the judge of counts: the canary against the stable version, and the
// canary alone against a limit. docs/spec/judge.md has where they come from.

/// Whether bad requests are r times as likely in the canary as in the stable version, against r₀
/// times as likely. Given k bad ones in all, the canary's share of them is binomial with
/// π_r = r·n_c/(r·n_c + n_s), so a quiet hour and a busy one count alike.
/// Lindon & Malek, arXiv 2011.03567.
struct RiskRatioTest {
    let alternatives: [Double]
    let against: Double

    /// Shows "worse" against a ratio of 1.
    static let worse = RiskRatioTest(alternatives: Grid.worse, against: 1)

    /// Shows "not worse" against the largest ratio that would be borne.
    static func notWorse(than ratio: Double) -> RiskRatioTest {
        RiskRatioTest(alternatives: Grid.better.map { $0 * ratio }, against: ratio)
    }

    /// π_r^x_c (1−π_r)^x_s / (π_r₀^x_c (1−π_r₀)^x_s), as a logarithm.
    func logRatio(_ look: LookCounts, _ place: Int) -> Double {
        let bad = look.canary.bad + look.stable.bad
        guard bad > 0, look.canary.total > 0, look.stable.total > 0 else { return 0 }
        let (canary, stable) = (Double(look.canary.total), Double(look.stable.total))
        let ratio = alternatives[place]
        let share = (against * canary + stable) / (ratio * canary + stable)
        return Double(look.canary.bad) * Elementary.ln(ratio / against)
            + Double(bad) * Elementary.ln(share)
    }
}

/// Whether the odds of a bad request are m times those of a limit, against the limit itself.
struct LimitTest {
    let alternatives: [Double]
    /// Of bad requests among all, in (0, 1).
    let limit: Double

    static func worse(than limit: Double) -> LimitTest {
        LimitTest(alternatives: Grid.worse, limit: limit)
    }

    static func notWorse(than limit: Double) -> LimitTest {
        LimitTest(alternatives: Grid.better, limit: limit)
    }

    func logRatio(_ counts: RequestCounts, _ place: Int) -> Double {
        guard counts.total > 0 else { return 0 }
        let odds = limit / (1 - limit)
        let share = (1 + odds) / (1 + alternatives[place] * odds)
        return Double(counts.bad) * Elementary.ln(alternatives[place])
            + Double(counts.total) * Elementary.ln(share)
    }
}

/// How many times worse, or better, the alternatives are: fixed, so that verdicts compare.
enum Grid {
    static let worse = [1.25, 1.5, 2, 3, 5, 10, 20, 50]
    static let better = [0.02, 0.1, 0.25, 0.5]
}
