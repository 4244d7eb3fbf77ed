import EventSourcing
import LedgerTesting
import Synchronization

@testable import BoringDeploy
@testable import Operations

/// A hundred requests a second, shared by a router and counted by a source of metrics. The canary's
/// share of errors is given.
final class SimulatedTraffic: Sendable {
    private struct State {
        var percent = 0
        var shares: [Int] = []
        var requests: [String: Double] = ["canary": 0, "stable": 0]
        var errors: [String: Double] = ["canary": 0, "stable": 0]
        var counted: Timestamp
    }

    private let state: Mutex<State>
    private let clock: ManualClock
    private let canaryErrors: Double

    init(_ clock: ManualClock, canaryErrors: Double) {
        self.clock = clock
        self.canaryErrors = canaryErrors
        state = Mutex(State(counted: clock.now))
    }

    /// What the canary has now.
    var percent: Int { state.withLock { $0.percent } }

    func route(percent: Int) -> RouterReading {
        state.withLock { state in
            count(&state)
            state.percent = percent
        }
        return reading
    }

    var reading: RouterReading {
        let percent = percent
        return RouterReading(
            canary: RouterReading.Arm(weight: percent, isUp: true),
            stable: RouterReading.Arm(weight: 100 - percent, isUp: true))
    }

    private func count(_ state: inout State) {
        let seconds = (clock.now - state.counted).inSeconds
        state.counted = clock.now
        for (arm, share) in [("canary", state.percent), ("stable", 100 - state.percent)] {
            let requests = seconds * Double(share)
            state.requests[arm, default: 0] += requests
            state.errors[arm, default: 0] += requests * (arm == "canary" ? canaryErrors : 0.002)
        }
    }

    func answer(_ query: String) -> MetricReading.Answer {
        if query.hasPrefix("ALERTS") { return .series([]) }
        let arm = query.contains("track=\"canary\"") ? "canary" : "stable"
        let value = state.withLock { state in
            count(&state)
            return query.contains("5..") ? state.errors[arm] : state.requests[arm]
        }
        return .series([MetricReading.Series(labels: "{}", value: "\((value ?? 0).rounded())")])
    }
}

struct MortalRouter: TrafficRouter {
    let traffic: SimulatedTraffic
    let life: Life

    func read() async throws(RouterError) -> RouterReading {
        do { return try await life.spend { traffic.reading } } catch {
            throw RouterError("the runner has died")
        }
    }

    func route(percent: Int) async throws(RouterError) -> RouterReading {
        do { return try await life.spend { traffic.route(percent: percent) } } catch {
            throw RouterError("the runner has died")
        }
    }
}

struct MortalSource: MetricsSource {
    let traffic: SimulatedTraffic
    let life: Life

    func read(_ queries: [String], ago: Duration) async -> MetricReading {
        let answers = try? await life.spend {
            Dictionary(uniqueKeysWithValues: Set(queries).map { ($0, traffic.answer($0)) })
        }
        guard let answers else { return .failed(queries, "the runner has died") }
        return MetricReading(time: 0, answers: answers)
    }
}
