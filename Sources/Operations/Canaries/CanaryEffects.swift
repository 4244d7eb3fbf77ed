import BoringDeploy
import EventSourcing
import LedgerCore

/// What a canary does to the world outside: tells the router, asks the metrics. Nothing here throws
/// for what routers and sources do: that is part of the evidence.
package struct CanaryEffects: Sendable {
    /// By environment.
    private let routers: [String: any TrafficRouter]
    private let sources: [String: any MetricsSource]

    package init(
        routers: [String: any TrafficRouter] = [:], sources: [String: any MetricsSource] = [:]
    ) {
        self.routers = routers
        self.sources = sources
    }

    func source(of environment: String) -> (any MetricsSource)? { sources[environment] }

    func route(_ intended: StepIntended, percent: Int) async -> CanaryRouted {
        var details = JSONObject()
        details["percent"] = .integer(percent)
        func outcome(_ outcome: Outcome, _ reason: String) -> CanaryRouted {
            CanaryRouted(
                intended.key, environment: intended.environment, outcome, reason, details: details)
        }
        guard let router = routers[intended.environment] else {
            return outcome(.failed, Self.noRouter(intended.environment))
        }
        do {
            let reading = try await router.route(percent: percent)
            details["router"] = reading.json
            return outcome(.passed, "the canary has \(percent)% of the traffic")
        } catch {
            return outcome(.failed, error.description)
        }
    }

    /// Gives all traffic back at once, without a word in the log; for a runner that ends early.
    func restore(_ environment: String) async -> String? {
        do {
            try await routers[environment]?.route(percent: 0)
            return nil
        } catch {
            return error.description
        }
    }

    private static func noRouter(_ environment: String) -> String {
        "environment \(environment) has no router in daybook.yaml"
    }

    /// - Parameters:
    ///   - before: The look before.
    ///   - share: What the log says that the canary has; a router that has lost it is told again.
    func look(
        _ plan: CanaryPlan, _ number: Int, after before: LookEvidence?, share: Int,
        recordedAlerts: [String], asked: Timestamp
    ) async -> LookEvidence {
        let queries = Set(plan.checks.flatMap(\.queries)).sorted()
        let metrics: MetricReading
        if queries.isEmpty {
            metrics = MetricReading(time: nil, answers: [:])
        } else if let source = sources[plan.environment] {
            metrics = await source.read(queries)
        } else {
            metrics = .failed(
                queries, "environment \(plan.environment) has no metrics in daybook.yaml")
        }
        var evidence = LookEvidence(
            look: number, asked: asked, metrics: metrics, recordedAlerts: recordedAlerts,
            previous: before.map { SHA256.hash($0.bytes) })
        guard let router = routers[plan.environment] else {
            evidence.routerFault = Self.noRouter(plan.environment)
            return evidence
        }
        do {
            var reading = try await router.read()
            // It was started anew, or somebody has changed it.
            if reading.percent != share { reading = try await router.route(percent: share) }
            evidence.router = reading
        } catch {
            evidence.routerFault = error.description
        }
        return evidence
    }
}
