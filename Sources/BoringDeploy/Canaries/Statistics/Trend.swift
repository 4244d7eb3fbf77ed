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
        slope = slopes.medianOfSorted
        self.s = s
        let n = Double(values.count)
        let tied = values.ties.reduce(0) { $0 + $1 * ($1 - 1) * (2 * $1 + 5) }
        let variance = (n * (n - 1) * (2 * n + 5) - tied) / 18
        p = variance > 0 ? min(1, 2 * Elementary.upperTail(s.magnitude / variance.squareRoot())) : 1
    }
}
