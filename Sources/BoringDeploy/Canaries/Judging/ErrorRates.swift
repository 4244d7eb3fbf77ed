/// How often the judge may be wrong.
package struct ErrorRates: Sendable, Equatable {
    /// The probability that a canary that is no worse is called worse, over all its checks and
    /// looks together; each check has its share.
    package var alpha: Double
    /// The probability that a check that is worse passes. It is not shared out: a canary passes
    /// only if every check does.
    package var beta: Double

    package init(alpha: Double = 0.05, beta: Double = 0.05) {
        self.alpha = alpha
        self.beta = beta
    }

    /// Of one among so many checks.
    package func shared(by checks: Int) -> ErrorRates {
        ErrorRates(alpha: alpha / Double(max(1, checks)), beta: beta)
    }
}
