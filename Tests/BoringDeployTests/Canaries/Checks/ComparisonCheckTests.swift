import Testing

@testable import BoringDeploy

@Suite("The canary against the stable version")
struct ComparisonCheckTests {
    @Test("both versions are asked the same, good or bad", arguments: [false, true])
    func queries(isGood: Bool) throws {
        let level = try Levels.level(isGood: isGood)
        let check = try #require(CanaryCheck.comparison(level, Levels.labels, minimum: 50))
        guard case .counts(let rule, let canary, let stable) = check.kind else {
            Issue.record("it counts nothing")
            return
        }
        #expect(rule.kind == .comparison && rule.ratio == 2)
        #expect(canary.isGood == isGood && stable?.isGood == isGood)
        #expect(canary.total == "all{track=\"canary\"}")
        #expect(stable?.total == "all{track=\"stable\"}")
    }
}
