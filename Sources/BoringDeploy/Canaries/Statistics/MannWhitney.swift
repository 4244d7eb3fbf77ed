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
