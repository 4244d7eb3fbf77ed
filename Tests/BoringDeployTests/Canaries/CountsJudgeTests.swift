import BoringDeploy
import Foundation
import LedgerCore
import LedgerTesting
import Testing

@Suite("Judging counts")
struct CountsJudgeTests {
    private func verdict(
        _ rule: CountsRule = CountsRule(.comparison), _ rates: ErrorRates = ErrorRates(),
        _ looks: [(canary: (Int, Int), stable: (Int, Int))]
    ) -> CheckVerdict {
        var judge = CountsJudge("errors", rule, rates)
        for look in looks {
            judge.take(
                LookCounts(
                    canary: RequestCounts(total: look.canary.0, bad: look.canary.1),
                    stable: RequestCounts(total: look.stable.0, bad: look.stable.1)))
        }
        return judge.verdict
    }

    private func number(_ name: String, of verdict: CheckVerdict) -> Double? {
        if case .number(let value) = verdict.numbers[name] { value } else { nil }
    }

    @Test("eWorse is the average of the products of the likelihood ratios")
    func average() throws {
        let looks = [((120, 3), (980, 4)), ((80, 2), (700, 9)), ((0, 0), (600, 1))]
        var products: [Double] = []
        for ratio in [1.25, 1.5, 2, 3, 5, 10, 20, 50] {
            var product = 1.0
            for ((nc, xc), (ns, xs)) in looks {
                func share(_ r: Double) -> Double { r * Double(nc) / (r * Double(nc) + Double(ns)) }
                product *= pow(share(ratio), Double(xc)) * pow(1 - share(ratio), Double(xs))
                product /= pow(share(1), Double(xc)) * pow(1 - share(1), Double(xs))
            }
            products.append(product)
        }
        let expected = products.reduce(0, +) / Double(products.count)
        let found = try #require(number("eWorse", of: verdict(looks)))
        #expect((found - expected).magnitude < 1e-12 * expected)
    }

    private func verdict(
        _ looks: [(canary: (Int, Int), stable: (Int, Int))]
    ) -> CheckVerdict { verdict(CountsRule(.comparison), ErrorRates(), looks) }

    @Test(
        "a canary is worse, not worse, or neither is shown",
        arguments: [
            ([((100, 30), (900, 1))], "worse"),
            ([((1000, 100), (1000, 100))], "not worse"),
            ([((1000, 10), (1000, 100))], "not worse"),
            ([((100, 1), (900, 9))], "inconclusive"),
            ([((10000, 0), (10000, 0))], "inconclusive"),
            ([((0, 0), (10000, 100))], "inconclusive"),
            ([((4, 4), (900, 0))], "inconclusive"),
            ([], "inconclusive"),
        ] as [([((Int, Int), (Int, Int))], String)])
    func findings(_ looks: [((Int, Int), (Int, Int))], _ finding: String) {
        let found = verdict(looks.map { (canary: $0.0, stable: $0.1) })
        #expect(found.finding.rawValue == finding, "\(found.reason)")
    }

    @Test("where there are hardly any errors, a limit shows that it is not worse")
    func limit() {
        let rule = CountsRule(.comparison, limit: 0.0144)
        #expect(verdict(rule, [((500, 0), (4500, 2))]).finding == .notWorse)
        #expect(verdict(rule, [((100, 0), (900, 0))]).finding == .inconclusive)
    }

    private func verdict(
        _ rule: CountsRule, _ looks: [(canary: (Int, Int), stable: (Int, Int))]
    ) -> CheckVerdict { verdict(rule, ErrorRates(), looks) }

    @Test("a canary alone is judged by its limit")
    func alone() {
        let rule = CountsRule(.limit, limit: 0.0144)
        #expect(verdict(rule, [((10, 4), (0, 0))]).finding == .worse)
        #expect(verdict(rule, [((500, 1), (0, 0))]).finding == .notWorse)
        #expect(verdict(rule, [((50, 0), (0, 0))]).finding == .inconclusive)
    }

    @Test("a fault that comes late is found as soon as one that comes early")
    func late() throws {
        let good = Array(repeating: (canary: (1000, 0), stable: (0, 0)), count: 400)
        let bad = Array(repeating: (canary: (50, 15), stable: (0, 0)), count: 3)
        let found = verdict(CountsRule(.limit, limit: 0.0144), good + bad)
        #expect(found.finding == .worse)
        #expect(found.numbers["shownAt"] == .integer(401))
    }

    @Test("too few requests are never a pass, whatever the evidence")
    func minimum() {
        let rule = CountsRule(.comparison, limit: 0.5, minimum: 1000)
        #expect(verdict(rule, [((999, 0), (9000, 0))]).finding == .inconclusive)
        #expect(verdict(rule, [((1000, 0), (9000, 0))]).finding == .notWorse)
    }

    @Test("as many requests as were said to be needed do show it")
    func needed() throws {
        let rule = CountsRule(.comparison, limit: 0.0144)
        for start in [0, 20, 100, 200] {
            let first = verdict(rule, [((start, 0), (start * 9, 0))])
            #expect(first.finding == .inconclusive)
            let more = Int(try #require(number("needed", of: first)))
            let then = verdict(rule, [((start, 0), (start * 9, 0)), ((more, 0), (more * 9, 0))])
            #expect(then.finding == .notWorse, "\(start) + \(more)")
            #expect(more < 600)
        }
    }

    @Test("once it is shown worse, it stays so")
    func latched() {
        let bad = [(canary: (100, 30), stable: (900, 1))]
        let good = Array(repeating: (canary: (1000, 10), stable: (9000, 90)), count: 200)
        #expect(verdict(bad + good).finding == .worse)
    }

    /// A draw of how many of `count` are bad, each with the probability.
    private func bad(
        of count: Int, _ probability: Double, _ numbers: inout SeededNumbers
    ) -> Int {
        (0..<count).count { _ in Double.random(in: 0..<1, using: &numbers) < probability }
    }

    @Test("of two versions that are alike, no more than α are called worse over 500 looks")
    func falseAlarms() {
        var numbers = Seed.numbers(for: "false alarms")
        let rates = ErrorRates(alpha: 0.05)
        var alarms = 0
        let runs = 150
        for _ in 0..<runs {
            var judge = CountsJudge("errors", CountsRule(.comparison), rates)
            for _ in 0..<500 {
                judge.take(
                    LookCounts(
                        canary: RequestCounts(total: 20, bad: bad(of: 20, 0.05, &numbers)),
                        stable: RequestCounts(total: 60, bad: bad(of: 60, 0.05, &numbers))))
            }
            if judge.verdict.finding == .worse { alarms += 1 }
        }
        // 150 runs at 5 % are 7.5; 19 or more would come once in ten thousand times.
        #expect(alarms < 19, "\(alarms) of \(runs)")
    }

    @Test("10,000 intervals are judged whole")
    func many() {
        var judge = CountsJudge("errors", CountsRule(.comparison, limit: 0.01), ErrorRates())
        for _ in 0..<10_000 {
            judge.take(
                LookCounts(
                    canary: RequestCounts(total: 100, bad: 0),
                    stable: RequestCounts(total: 900, bad: 1)))
        }
        #expect(judge.verdict.finding == .notWorse)
    }
}
