import Foundation
import LedgerCore

/// One objective of an OpenSLO document: so large a share of a service's requests is good over a
/// period.
package struct ServiceLevel: Sendable, Equatable {
    /// Of the SLO, and of the objective if there are several: `checkout-availability`.
    package var name: String
    package var service: String
    package var summary: String
    /// As `0.999`, in (0, 1).
    package var target: Decimal
    /// Of the rolling window.
    package var period: Duration
    package var indicator: Indicator
    /// Of the file that defines it.
    package var source: Digest

    package enum Indicator: Sendable, Equatable {
        /// Numbers of requests: those that are good or bad, and all.
        case ratio(part: PromQL, isGood: Bool, total: PromQL, isCounter: Bool)
        /// The share itself, of bad requests or of good ones; `{{.window}}` stands for a window.
        case raw(String, isFailure: Bool)
    }

    package init(
        name: String, service: String, summary: String = "", target: Decimal, period: Duration,
        indicator: Indicator, source: Digest
    ) {
        self.name = name
        self.service = service
        self.summary = summary
        self.target = target
        self.period = period
        self.indicator = indicator
        self.source = source
    }

    /// The share of requests that may be bad.
    package var budget: Decimal { 1 - target }
}

/// A rate at which a budget is burnt that somebody should hear of: so large a share of it within a
/// long window, and still now. Google's Site Reliability Workbook, chapter 5, "Multiwindow,
/// Multi-Burn-Rate Alerts".
package struct BurnRate: Sendable, Equatable {
    package enum Severity: String, Sendable { case page, ticket }

    package let severity: Severity
    package let long: Duration
    package let short: Duration
    /// Of the period's budget, burnt within the long window.
    package let share: Decimal

    package static let all = [
        BurnRate(.page, .seconds(3600), .seconds(300), "0.02"),
        BurnRate(.page, .seconds(6 * 3600), .seconds(1800), "0.05"),
        BurnRate(.ticket, .seconds(86_400), .seconds(2 * 3600), "0.1"),
        BurnRate(.ticket, .seconds(3 * 86_400), .seconds(6 * 3600), "0.1"),
    ]

    private init(_ severity: Severity, _ long: Duration, _ short: Duration, _ share: String) {
        self.severity = severity
        self.long = long
        self.short = short
        self.share = Decimal(string: share) ?? 0
    }

    /// How many times as fast as the period allows: share × period / long window.
    package func factor(over period: Duration) -> Decimal {
        share * Decimal(period.components.seconds) / Decimal(long.components.seconds)
    }
}

extension Decimal {
    package var asDouble: Double { NSDecimalNumber(decimal: self).doubleValue }
}
