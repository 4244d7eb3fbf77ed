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
