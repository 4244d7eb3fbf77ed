// Rank statistics of gauges, which need no distribution. Each agrees with SciPy's function of the
// name given.

/// The middle of an ordered list; of an even number, the mean of the two in the middle.
private func median(ofSorted values: [Double]) -> Double {
    let half = values.count / 2
    return values.count % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2
}

extension [Double] {
    /// NaN of none.
    package var median: Double { isEmpty ? .nan : BoringDeploy.median(ofSorted: sorted()) }

    /// How many times each value comes, of those that come more than once.
    var ties: [Double] {
        var runs: [Double] = []
        var length = 1
        let ordered = sorted()
        for (before, after) in zip(ordered, ordered.dropFirst()) {
            if before == after {
                length += 1
            } else {
                if length > 1 { runs.append(Double(length)) }
                length = 1
            }
        }
        if length > 1 { runs.append(Double(length)) }
        return runs
    }
}

/// Mann & Whitney (1947), by the normal approximation with ties and continuity corrected:
/// `scipy.stats.mannwhitneyu(x, y, method="asymptotic")`.
package struct MannWhitney: Sendable, Equatable {
    /// Pairs of which x's value is the larger, ties counting a half.
    package let u: Double
    /// Of both sides.
    package let p: Double

    package init(_ x: [Double], _ y: [Double]) {
        let others = y.sorted()
        var u = 0.0
        for value in x {
            let below = others.firstPlace { $0 >= value }
            let through = others.firstPlace { $0 > value }
            u += Double(below) + Double(through - below) / 2
        }
        self.u = u
        let pairs = Double(x.count * y.count)
        let n = Double(x.count + y.count)
        let tied = (x + y).ties.reduce(0) { $0 + ($1 * $1 * $1 - $1) }
        let variance = pairs / 12 * (n + 1 - tied / (n * (n - 1)))
        let distance = max(u, pairs - u) - pairs / 2 - 0.5
        p =
            variance > 0
            ? min(1, 2 * Elementary.upperTail(distance / variance.squareRoot())) : 1
    }
}

extension [Double] {
    /// Of an ordered list, the first place where it holds, or its end.
    fileprivate func firstPlace(where holds: (Double) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// How far x lies above y: the median of all differences, with an interval that the distribution
/// does not matter for (Hodges & Lehmann 1963; Hollander & Wolfe, Nonparametric Statistical
/// Methods, §4.3, in the normal approximation).
package struct HodgesLehmann: Sendable, Equatable {
    package let shift: Double
    package let lower: Double
    package let upper: Double

    /// - Parameter confidence: Of the interval, in (0, 1).
    package init(_ x: [Double], _ y: [Double], confidence: Double) {
        let differences = Differences(x, y)
        let count = differences.count
        shift =
            count % 2 == 1
            ? differences.smallest(count / 2 + 1)
            : (differences.smallest(count / 2) + differences.smallest(count / 2 + 1)) / 2
        let pairs = Double(count)
        let z = Elementary.upperQuantile((1 - confidence) / 2)
        let spread = (pairs * Double(x.count + y.count + 1) / 12).squareRoot()
        let place = max(1, Int((pairs / 2 - z * spread).rounded(.down)))
        lower = differences.smallest(place)
        upper = differences.smallest(count + 1 - place)
    }
}

/// All differences of two lists, found in order without being written down.
struct Differences {
    private let x: [Double]
    private let y: [Double]

    init(_ x: [Double], _ y: [Double]) {
        self.x = x.sorted()
        self.y = y.sorted()
    }

    var count: Int { x.count * y.count }

    /// The k-th smallest, counted from 1: the smallest double that k of them do not exceed, found by
    /// halving the doubles themselves.
    func smallest(_ k: Int) -> Double {
        var low = OrderedDouble.rank(x[0] - y[y.count - 1])
        var high = OrderedDouble.rank(x[x.count - 1] - y[0])
        while low < high {
            let middle = OrderedDouble.mean(low, high)
            if count(atMost: OrderedDouble.value(middle)) >= k {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return OrderedDouble.value(low)
    }

    private func count(atMost limit: Double) -> Int {
        var place = 0
        var found = 0
        for other in y {
            while place < x.count, x[place] - other <= limit { place += 1 }
            found += place
        }
        return found
    }
}

/// Doubles in order as integers in order, so that they can be halved to the last bit; −0 comes with 0.
enum OrderedDouble {
    static func rank(_ value: Double) -> Int64 {
        let bits = Int64(bitPattern: (value == 0 ? 0.0 : value).bitPattern)
        return bits >= 0 ? bits : Int64.min - bits
    }

    static func value(_ rank: Int64) -> Double {
        Double(bitPattern: UInt64(bitPattern: rank >= 0 ? rank : Int64.min - rank))
    }

    /// Rounded down, where a sum would overflow.
    static func mean(_ low: Int64, _ high: Int64) -> Int64 { (low & high) + ((low ^ high) >> 1) }
}

/// Growth over time: the median of all slopes (Theil 1950, Sen 1968; `scipy.stats.theilslopes`), and
/// whether there is any (Mann 1945, Kendall; `scipy.stats.kendalltau(times, values,
/// method="asymptotic")`).
package struct Trend: Sendable, Equatable {
    /// Of the values, for each step of one.
    package let slope: Double
    /// Later values that are larger, less those that are smaller.
    package let s: Double
    /// Of both sides.
    package let p: Double

    /// Of values at even distances; nil of fewer than three.
    package init?(_ values: [Double]) {
        guard values.count >= 3 else { return nil }
        var slopes: [Double] = []
        slopes.reserveCapacity(values.count * (values.count - 1) / 2)
        var s = 0.0
        for later in values.indices.dropFirst() {
            for earlier in 0..<later {
                let rise = values[later] - values[earlier]
                slopes.append(rise / Double(later - earlier))
                s += rise > 0 ? 1 : rise < 0 ? -1 : 0
            }
        }
        slopes.sort()
        slope = median(ofSorted: slopes)
        self.s = s
        let n = Double(values.count)
        let tied = values.ties.reduce(0) { $0 + $1 * ($1 - 1) * (2 * $1 + 5) }
        let variance = (n * (n - 1) * (2 * n + 5) - tied) / 18
        p = variance > 0 ? min(1, 2 * Elementary.upperTail(s.magnitude / variance.squareRoot())) : 1
    }
}
