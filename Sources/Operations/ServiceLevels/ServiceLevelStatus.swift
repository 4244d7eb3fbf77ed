import BoringDeploy
import Foundation
import LedgerCore

/// Where an objective stands, by what Prometheus says now.
package struct ServiceLevelStatus: Sendable {
    package let level: ServiceLevel
    /// Bad requests among all, by window; nil where there is no data.
    package let ratios: [(window: Duration, ratio: Double?)]
    /// Over the whole period.
    package let period: Double?
    /// Why there is no answer, if there is none.
    package let fault: String?

    /// Of the budget, the share that is left; negative if more was burnt than there was.
    package var left: Double? { period.map { 1 - $0 / level.budget.asDouble } }

    /// How many times as fast as the period allows.
    package func burn(_ ratio: Double?) -> Double? { ratio.map { $0 / level.budget.asDouble } }

    package static func all(
        _ levels: [ServiceLevel], from source: any MetricsSource
    ) async -> [ServiceLevelStatus] {
        let windows = Set(BurnRate.all.flatMap { [$0.short, $0.long] }).sorted()
        func query(_ level: ServiceLevel, _ window: Duration) -> String {
            level.errorRatio(over: window.prometheus)
        }
        let queries = levels.flatMap { level in
            (windows + [level.period]).map { query(level, $0) }
        }
        let reading = await source.read(queries)
        func value(_ level: ServiceLevel, _ window: Duration) -> Double? {
            guard case .series(let series)? = reading.answers[query(level, window)] else {
                return nil
            }
            return series.first?.number
        }
        return levels.map { level in
            let faults = (windows + [level.period]).compactMap { window in
                if case .failed(let why)? = reading.answers[query(level, window)] {
                    why
                } else {
                    nil
                }
            }
            return ServiceLevelStatus(
                level: level, ratios: windows.map { ($0, value(level, $0)) },
                period: value(level, level.period), fault: faults.first)
        }
    }
}
