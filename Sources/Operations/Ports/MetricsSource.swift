import BoringDeploy

/// Answers queries of metrics: the port. What holds of every source:
///
/// - *One moment*: all queries of a reading are answered for the same time by the source's clock.
/// - *Honest*: what fails, or comes in part, is a failed answer, never an empty one.
/// - *Bounded*: returns within some seconds; never throws.
package protocol MetricsSource: Sendable {
    ///
    /// - Parameter ago: So long before the source's present.
    func read(_ queries: [String], ago: Duration) async -> MetricReading
}

extension MetricsSource {
    func read(_ queries: [String]) async -> MetricReading { await read(queries, ago: .zero) }
}
