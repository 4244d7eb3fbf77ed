import Testing

@testable import BoringDeploy

@Suite("The canary against its objective")
struct ObjectiveCheckTests {
    @Test(
        "limits are the burn rates that page, and never everything",
        arguments: [
            ("0.999", 30, 0.0144, 0.006), ("0.99", 30, 0.144, 0.06), ("0.999", 7, 0.00336, 0.0014),
            ("0.95", 30, 0.525, 0.3), ("0.9", 30, 0.55, 0.55),
        ] as [(String, Int64, Double, Double)])
    func limits(_ row: (String, Int64, Double, Double)) throws {
        let level = try Levels.level(target: row.0, days: row.1)
        let check = try #require(CanaryCheck.objective(level, Levels.labels, minimum: 50))
        guard case .counts(let rule, _, let stable) = check.kind else {
            Issue.record("it counts nothing")
            return
        }
        #expect(((rule.limit ?? 0) - row.2).magnitude < 1e-12)
        #expect(((rule.worseLimit ?? 0) - row.3).magnitude < 1e-12)
        #expect(rule.kind == .limit && rule.minimum == 50 && stable == nil)
    }

    @Test("it asks for counters as they stand, of the canary alone")
    func queries() throws {
        let check = CanaryCheck.objective(try Levels.level(), Levels.labels, minimum: 1)
        #expect(
            check?.queries == ["sum(some{track=\"canary\"})", "all{track=\"canary\"}"])
    }

    @Test("what counts no requests is no check")
    func uncounted() throws {
        let level = try Levels.level(isCounter: false)
        #expect(CanaryCheck.objective(level, Levels.labels, minimum: 1) == nil)
    }
}
