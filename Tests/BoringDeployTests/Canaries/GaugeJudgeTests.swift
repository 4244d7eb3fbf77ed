import BoringDeploy
import LedgerTesting
import Testing

@Suite("Judging gauges")
struct GaugeJudgeTests {
    private func verdict(
        _ canary: [Double], _ stable: [Double], tolerance: Double? = nil
    ) -> CheckVerdict {
        var judge = GaugeJudge("backlog", GaugeRule(tolerance: tolerance), ErrorRates())
        judge.take(canary, stable, onlyLook: true)
        return judge.verdict
    }

    @Test("values that lie higher are worse")
    func higher() {
        let found = verdict((0..<20).map { 100 + Double($0 % 3) }, (0..<20).map { Double($0 % 3) })
        #expect(found.finding == .worse)
    }

    @Test("values that grow are worse, though they are not yet higher than a noisy stable version")
    func growing() {
        let canary = (0..<20).map(Double.init)
        let stable = (0..<20).map { $0 % 2 == 0 ? 0.0 : 30.0 }
        #expect(verdict(canary, stable, tolerance: 5).finding == .worse)
    }

    @Test("what both do alike is not the canary's fault")
    func both() {
        let growing = (0..<30).map(Double.init)
        #expect(verdict(growing, growing, tolerance: 8).finding == .notWorse)
    }

    @Test("the same values are not worse; few are inconclusive")
    func same() {
        let values = (0..<20).map { Double($0 % 2) + 8 }
        #expect(verdict(values, values).finding == .notWorse)
        #expect(verdict([0, 0, 0, 0, 0], [0, 0, 0, 0, 0]).finding == .notWorse)
        #expect(verdict([1, 2, 3, 4], values).finding == .inconclusive)
        #expect(verdict([], values).finding == .inconclusive)
        #expect(verdict(values, []).finding == .inconclusive)
    }

    @Test("a difference within what is borne is no matter, however certain it is")
    func tolerated() {
        let canary = (0..<200).map { 101 + Double($0 % 2) }
        let stable = (0..<200).map { 100 + Double($0 % 2) }
        #expect(verdict(canary, stable).finding == .notWorse)
        #expect(verdict(canary, stable, tolerance: 0.5).finding == .worse)
    }

    @Test("the look at which values are taken has its share of α only")
    func spending() {
        var judge = GaugeJudge("backlog", GaugeRule(), ErrorRates(alpha: 0.01))
        let values = (0..<9).map(Double.init)
        for _ in 0..<30 { judge.take([1, 2, 1, 2, 1], [1, 2, 1, 2, 1]) }
        judge.take(values.map { $0 + 20 }, values)
        #expect(judge.verdict.finding == .inconclusive)
        var first = GaugeJudge("backlog", GaugeRule(), ErrorRates(alpha: 0.01))
        first.take(values.map { $0 + 20 }, values)
        #expect(first.verdict.finding == .worse)
    }

    @Test("the median of all differences is found without writing them down")
    func shift() {
        var numbers = Seed.numbers(for: "differences")
        for _ in 0..<200 {
            let x = (0..<Int.random(in: 1...30, using: &numbers)).map { _ in
                Double.random(in: -9...9, using: &numbers).rounded()
            }
            let y = (0..<Int.random(in: 1...30, using: &numbers)).map { _ in
                Double.random(in: -9...9, using: &numbers)
            }
            let all = x.flatMap { x in y.map { x - $0 } }
            let found = HodgesLehmann(x, y, confidence: 0.95)
            #expect(found.shift == all.median)
            #expect(found.lower <= found.shift && found.shift <= found.upper)
        }
    }
}
