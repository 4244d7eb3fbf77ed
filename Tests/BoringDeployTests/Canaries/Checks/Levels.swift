import Foundation
import LedgerCore

@testable import BoringDeploy

/// Objectives for the tests of checks.
enum Levels {
    static let labels = ArmLabels(
        canary: [PromQL.Matcher("track", "=", "canary")],
        stable: [PromQL.Matcher("track", "=", "stable")])

    static func level(
        target: String = "0.999", days: Int64 = 30, isGood: Bool = false, isCounter: Bool = true
    ) throws -> ServiceLevel {
        ServiceLevel(
            name: "answers", service: "shop", target: Decimal(string: target) ?? 0,
            period: .seconds(days * 86_400),
            indicator: .ratio(
                part: try PromQL("sum(rate(some[5m]))"), isGood: isGood, total: try PromQL("all"),
                isCounter: isCounter),
            source: .zero)
    }
}
