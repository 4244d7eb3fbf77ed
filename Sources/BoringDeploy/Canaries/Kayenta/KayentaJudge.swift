import LedgerCore

/// What Spinnaker's Kayenta makes of a metric (NetflixACAJudge), for those who come from there: the
/// Mann–Whitney interval of 98 % for the shift against a quarter of its estimate. Without the random
/// noise that Kayenta adds to break ties, so that the same samples give the same answer.
/// https://github.com/spinnaker/kayenta, `MannWhitneyClassifier`, `NetflixACAJudge`.
package struct KayentaJudge: Sendable {
    package enum Direction: String, Sendable, CaseIterable { case increase, decrease, either }

    package enum Classification: String, Sendable {
        case pass = "Pass"
        case high = "High"
        case low = "Low"
        case noData = "Nodata"
        /// Without data that must be there.
        case noDataFails = "NodataFailMetric"
    }

    package struct Rule: Sendable, Equatable {
        package var direction = Direction.increase
        /// Whether the whole canary fails with it.
        package var isCritical = false
        package var mustHaveData = false
        /// Of the means, canary over baseline, from where on High counts; and up to where Low does.
        package var allowedIncrease = 1.0
        package var allowedDecrease = 1.0

        package init() {}
    }

    static let confidence = 0.98
    static let tolerance = 0.25

    package static func classify(
        canary: [Double], baseline: [Double], _ rule: Rule
    ) -> (classification: Classification, reason: String) {
        guard !canary.isEmpty, !baseline.isEmpty else {
            let who = canary.isEmpty ? "the canary" : "the baseline"
            return (rule.mustHaveData ? .noDataFails : .noData, "\(who) has no data")
        }
        guard canary.sorted() != baseline.sorted() else { return (.pass, "the data are the same") }
        let interval = ShiftInterval(canary, baseline, confidence: confidence)
        let bound = tolerance * interval.estimate.magnitude
        let ratio = mean(canary) / mean(baseline)
        let numbers =
            "the shift is \(interval.estimate), between \(interval.lower) and \(interval.upper)"
        if rule.direction != .decrease, interval.lower > bound, !(ratio < rule.allowedIncrease) {
            return (.high, numbers)
        }
        if rule.direction != .increase, interval.upper < -bound, !(ratio > rule.allowedDecrease) {
            return (.low, numbers)
        }
        return (.pass, numbers)
    }

    private static func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(values.count)
    }

    /// Of a hundred: the metrics that pass among those with data; 0 if a critical one does not, or
    /// none has data.
    package static func score(_ results: [(Classification, Rule)]) -> Double {
        let isFailed = results.contains { classification, rule in
            switch classification {
            case .high, .low: rule.isCritical
            case .noDataFails: true
            case .pass, .noData: false
            }
        }
        let counted = results.filter { $0.0 != .noData }
        guard !isFailed, !counted.isEmpty else { return 0 }
        return 100 * Double(counted.count { $0.0 == .pass }) / Double(counted.count)
    }
}

/// The shift of x above y with its interval, by inverting the asymptotic Mann–Whitney test, as R's
/// `wilcox.test(x, y, conf.int = TRUE, exact = FALSE)` does; the roots are found to the last bit.
struct ShiftInterval {
    let estimate: Double
    let lower: Double
    let upper: Double

    init(_ x: [Double], _ y: [Double], confidence: Double) {
        let test = ShiftedTest(x: x, y: y)
        let z = Elementary.upperQuantile((1 - confidence) / 2)
        lower = test.crossing(below: z)
        upper = test.crossing(below: -z)
        // Where the statistic is 0 over a stretch, its middle.
        let first = test.crossing(atMost: 0)
        let last = test.crossing(below: 0)
        estimate = first + (last - first) / 2
    }
}

/// The standardised Mann–Whitney statistic of x − μ against y: falls as μ grows, in steps.
private struct ShiftedTest {
    let x: [Double]
    let y: [Double]

    private func statistic(_ shift: Double) -> Double {
        let shifted = x.map { $0 - shift }
        let (n, m) = (Double(x.count), Double(y.count))
        let pairs = n * m
        let test = MannWhitney(shifted, y)
        let tied = (shifted + y).ties.reduce(0) { $0 + ($1 * $1 * $1 - $1) }
        let variance = pairs / 12 * (n + m + 1 - tied / ((n + m) * (n + m - 1)))
        let distance = test.u - pairs / 2
        let corrected = distance == 0 ? 0 : distance - (distance > 0 ? 0.5 : -0.5)
        return variance > 0 ? corrected / variance.squareRoot() : 0
    }

    private var range: ClosedRange<Double> {
        let low = (x.min() ?? 0) - (y.max() ?? 0)
        let high = (x.max() ?? 0) - (y.min() ?? 0)
        return low...high
    }

    /// The smallest shift at which the statistic is below a value; the end if there is none.
    func crossing(below value: Double) -> Double { crossing { $0 < value } }
    func crossing(atMost value: Double) -> Double { crossing { $0 <= value } }

    private func crossing(_ isCrossed: (Double) -> Bool) -> Double {
        var low = OrderedDouble.rank(range.lowerBound)
        var high = OrderedDouble.rank(range.upperBound)
        while low < high {
            let middle = OrderedDouble.mean(low, high)
            if isCrossed(statistic(OrderedDouble.value(middle))) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return OrderedDouble.value(low)
    }
}
