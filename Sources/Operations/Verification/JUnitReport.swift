/// What a test suite's JUnit XML says, by its `testcase` elements; counts that it states itself are
/// not relied on. The format has no standard; this reads what Maven, pytest, Jest, Go's gotestsum
/// and Swift write.
package struct JUnitReport: Sendable {
    package private(set) var passed = 0
    package private(set) var failed = 0
    package private(set) var skipped = 0
    /// Names of tests that failed or broke.
    package private(set) var failing: [String] = []

    package init(_ bytes: [UInt8]) throws(ReportError) {
        let steps: [XMLStep]
        do {
            steps = try XMLStep.steps(of: bytes)
        } catch {
            throw ReportError(description: "not JUnit XML (line \(error.line))")
        }
        var hasSuite = false
        var current: TestCase?
        for step in steps {
            switch step {
            case .begin("testsuites", _), .begin("testsuite", _): hasSuite = true
            case .begin("testcase", let attributes): current = TestCase(attributes)
            case .begin("failure", _), .begin("error", _): current?.isFailed = true
            case .begin("skipped", _): current?.isSkipped = true
            case .end("testcase"):
                if let current { count(current) }
                current = nil
            default: break
            }
        }
        guard hasSuite else { throw ReportError(description: "not JUnit XML") }
    }

    private mutating func count(_ test: TestCase) {
        if test.isFailed {
            failed += 1
            failing.append(test.name)
        } else if test.isSkipped {
            skipped += 1
        } else {
            passed += 1
        }
    }

    var counts: [(String, Int)] { [("passed", passed), ("failed", failed), ("skipped", skipped)] }

    /// Why the run is no success; nil if it is.
    package var fault: String? {
        if failed > 0 {
            return "\(failed) of \(passed + failed) tests failed: "
                + failing.prefix(5).joined(separator: ", ")
        }
        return passed == 0 ? "no test has run, which shows nothing" : nil
    }

    package struct ReportError: Error, CustomStringConvertible {
        package let description: String
    }

    private struct TestCase {
        let name: String
        var isFailed = false
        var isSkipped = false

        init(_ attributes: [String: String]) {
            name = [attributes["classname"], attributes["name"]].compactMap(\.self)
                .joined(separator: ".")
        }
    }
}
