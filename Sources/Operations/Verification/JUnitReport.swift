import Foundation
import FoundationXML

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
        let reader = Reader()
        let parser = XMLParser(data: Data(bytes))
        parser.shouldResolveExternalEntities = false
        parser.delegate = reader
        guard parser.parse(), reader.hasSuite, reader.depth == 0 else {
            let place = parser.parserError == nil ? "" : " (line \(parser.lineNumber))"
            throw ReportError(description: "not JUnit XML\(place)")
        }
        self = reader.report
    }

    fileprivate init() {}

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

    private final class Reader: NSObject, XMLParserDelegate {
        var report = JUnitReport()
        var hasSuite = false
        /// Of open elements: what ends too early leaves some open.
        var depth = 0
        private var name: String?
        private var isFailed = false
        private var isSkipped = false

        func parser(
            _ parser: XMLParser, didStartElement element: String, namespaceURI: String?,
            qualifiedName: String?, attributes: [String: String]
        ) {
            depth += 1
            switch element {
            case "testsuites", "testsuite": hasSuite = true
            case "testcase":
                name = [attributes["classname"], attributes["name"]].compactMap(\.self)
                    .joined(separator: ".")
                (isFailed, isSkipped) = (false, false)
            case "failure", "error": isFailed = true
            case "skipped": isSkipped = true
            default: break
            }
        }

        func parser(
            _ parser: XMLParser, didEndElement element: String, namespaceURI: String?,
            qualifiedName: String?
        ) {
            depth -= 1
            guard element == "testcase", let name else { return }
            if isFailed {
                report.failed += 1
                report.failing.append(name)
            } else if isSkipped {
                report.skipped += 1
            } else {
                report.passed += 1
            }
            self.name = nil
        }
    }
}
