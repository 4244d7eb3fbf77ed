import Testing

@testable import BoringDeploy

@Suite("Charts of canaries")
struct ChartTests {
    @Test(
        "whatever a metric says, the chart is drawn, and what cannot be drawn is left out",
        arguments: [
            0, -0.0, .leastNonzeroMagnitude, 1e14, -1e14, 9.3e18, -9.3e18, 1e300,
            .greatestFiniteMagnitude,
            .infinity,
            -.infinity, .nan,
        ])
    func absurdValues(value: Double) {
        for times in [[], [0.0], [0.0, 1.0, 2.0], [0.0, 1e300, .infinity]] as [[Double]] {
            var chart = Chart(title: "value", times: times)
            chart.lines = [Chart.Line("canary", [1, value, nil], "#c8641b")]
            chart.marks = [("limit", value)]
            let svg = chart.svg
            #expect(svg.hasPrefix("<svg") && svg.hasSuffix("</svg>\n"))
        }
    }
}
