import Testing

@testable import BoringDeploy

@Suite("Signals, alerts and the router")
struct OtherChecksTests {
    @Test("a signal of counts compares, with its own limit and ratio")
    func counts() throws {
        let signal = CanaryPlan.Signal.counts(
            name: "denials", bad: try PromQL("denied"), total: try PromQL("all"), limit: 0.05,
            ratio: 5)
        let check = CanaryCheck.signal(signal, Levels.labels, minimum: 50)
        guard case .counts(let rule, _, _) = check.kind else {
            Issue.record("it counts nothing")
            return
        }
        #expect(rule == CountsRule(.comparison, limit: 0.05, ratio: 5, minimum: 50))
        #expect(check.queries.count == 4 && check.name == "signal denials")
    }

    @Test("a signal of a gauge keeps its functions")
    func gauge() throws {
        let signal = CanaryPlan.Signal.gauge(
            name: "backlog", try PromQL("max_over_time(jobs[1m])"), tolerance: 20)
        let check = CanaryCheck.signal(signal, Levels.labels, minimum: 50)
        #expect(
            check.queries == [
                "max_over_time(jobs{track=\"canary\"}[1m])",
                "max_over_time(jobs{track=\"stable\"}[1m])",
            ])
    }

    @Test("alerts are asked by service, whatever it is called")
    func alerts() {
        let checks = CanaryCheck.alerts(of: ["shop", "a\"b"])
        #expect(
            checks.flatMap(\.queries) == [
                "ALERTS{alertstate=\"firing\",service=\"shop\"}",
                "ALERTS{alertstate=\"firing\",service=\"a\\\"b\"}",
            ])
        #expect(checks.last?.kind == .recordedAlerts(services: ["shop", "a\"b"]))
    }

    @Test("a router that counts nothing is asked only whether it reaches the canary")
    func router() {
        let names = { CanaryCheck.router(minimum: 1, knowsConnections: $0).map(\.name) }
        #expect(names(true) == ["reachable", "connections"])
        #expect(names(false) == ["reachable"])
    }
}
