// What the rank statistics of gauges share. They need no distribution; each agrees with SciPy's
// function of the name given.
extension [Double] {
    /// NaN of none.
    package var median: Double { isEmpty ? .nan : sorted().medianOfSorted }

    /// The middle of an ordered list; of an even number, the mean of the two in the middle.
    var medianOfSorted: Double {
        let half = count / 2
        return count % 2 == 1 ? self[half] : (self[half - 1] + self[half]) / 2
    }

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
