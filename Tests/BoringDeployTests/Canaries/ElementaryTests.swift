import BoringDeploy
import Foundation
import LedgerTesting
import Testing

@Suite("Functions out of plain arithmetic")
struct ElementaryTests {
    private func isClose(_ found: Double, _ known: Double, within share: Double) -> Bool {
        found == known || (found - known).magnitude <= share * known.magnitude
    }

    @Test("the logarithm and the exponential are the C library's, but for the last places")
    func logarithms() {
        var numbers = Seed.numbers(for: "logarithms")
        for _ in 0..<20_000 {
            let x = pow(10, Double.random(in: -300...300, using: &numbers))
            #expect(isClose(Elementary.ln(x), log(x), within: 1e-15), "ln \(x)")
            let y = Double.random(in: -700...700, using: &numbers)
            #expect(isClose(Elementary.exp(y), exp(y), within: 1e-15), "exp \(y)")
        }
        for x in [0.9, 0.999_999, 1, 1.000_001, 1.1, Double.leastNonzeroMagnitude] {
            #expect(isClose(Elementary.ln(x), log(x), within: 4e-16), "ln \(x)")
        }
    }

    @Test("what has no logarithm, and what is too large, are told as IEEE 754 tells them")
    func edges() {
        #expect(Elementary.ln(0) == -.infinity)
        #expect(Elementary.ln(.infinity) == .infinity)
        #expect(Elementary.ln(-1).isNaN)
        #expect(Elementary.exp(710) == .infinity)
        #expect(Elementary.exp(-800) == 0)
        #expect(Elementary.exp(.nan).isNaN)
        #expect(Elementary.exp(0) == 1)
        #expect(Elementary.lnSum([-.infinity, -.infinity]) == -.infinity)
        #expect(isClose(Elementary.lnSum([1000, 1000]), 1000 + log(2), within: 1e-15))
    }

    @Test("the normal distribution's tail is erfc's, and its quantile the way back")
    func tails() {
        for z in stride(from: -8.0, through: 37, by: 0.01) {
            let known = erfc(z / 2.0.squareRoot()) / 2
            #expect(isClose(Elementary.upperTail(z), known, within: 1e-12), "z = \(z)")
        }
        for p in [0.4, 0.025, 0.01, 1e-6, 1e-15] {
            let back = Elementary.upperTail(Elementary.upperQuantile(p))
            #expect(isClose(back, p, within: 1e-12), "p = \(p)")
        }
        #expect(isClose(Elementary.upperQuantile(0.025), 1.959_963_984_540_054, within: 1e-14))
    }
}
