import Testing

@testable import Operations

@Suite("A test suite's JUnit XML")
struct JUnitReportTests {
    private func report(_ text: String) throws -> JUnitReport {
        try JUnitReport(Array(text.utf8))
    }

    @Test("tests are counted, whatever the suite says of their number")
    func counts() throws {
        let report = try report(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites tests="99" failures="0">
              <testsuite name="shop"><properties><property name="a" value="b"/></properties>
                <testcase classname="shop.Cart" name="adds &lt;one&gt; &#x1F6D2;" time="0.01"/>
                <testcase name="pays"><failure message="declined"><![CDATA[<error>]]></failure></testcase>
                <testcase classname="shop.Cart" name="ships"><error/></testcase>
                <testcase name="returns"><skipped/></testcase>
                <testcase name="logs"><system-out>failure</system-out></testcase>
              </testsuite>
            </testsuites>
            """)
        #expect(report.passed == 2 && report.failed == 2 && report.skipped == 1)
        #expect(report.failing == ["pays", "shop.Cart.ships"])
        #expect(report.fault == "2 of 4 tests failed: pays, shop.Cart.ships")
    }

    @Test("a suite may stand alone, in UTF-16 or Latin 1")
    func encodings() throws {
        let suite = "<testsuite><testcase name=\"caf\u{E9}\"><failure/></testcase></testsuite>"
        let utf16: [UInt8] =
            [0xFE, 0xFF] + suite.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        let latin: [UInt8] =
            Array("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>".utf8)
            + suite.unicodeScalars.map { UInt8($0.value) }
        for bytes in [utf16, latin] {
            #expect(try JUnitReport(bytes).failing == ["caf\u{E9}"])
        }
    }

    @Test("a run of nothing shows nothing")
    func nothing() throws {
        #expect(try report("<testsuite/>").fault == "no test has run, which shows nothing")
        #expect(try report("<testsuite><testcase/></testsuite>").fault == nil)
    }

    @Test(
        "what is not well-formed is refused by its line",
        arguments: [
            ("", 1), ("\n<testsuite>", 2), ("<testsuite>\n<testcase></testsuite>", 2), ("{}", 1),
            ("<testsuite/>\n<testsuite/>", 2), ("<testsuite a=1/>", 1),
            ("<testsuite>\n\n&nothing;</testsuite>", 3), ("<testsuite>\u{0}</testsuite>", 1),
        ])
    func malformed(_ text: String, line: Int) {
        let error = #expect(throws: JUnitReport.ReportError.self) { try report(text) }
        #expect(error?.description == "not JUnit XML (line \(line))")
    }

    @Test("XML of another kind is none")
    func another() {
        let error = #expect(throws: JUnitReport.ReportError.self) {
            try report("<html><testcase/></html>")
        }
        #expect(error?.description == "not JUnit XML")
    }

    @Test("entities neither reach outside nor grow beyond measure")
    func entities() throws {
        let outside = try report(
            """
            <!DOCTYPE testsuite [<!ENTITY out SYSTEM "file:///etc/hostname">]>
            <testsuite><testcase name="a"/>&out;</testsuite>
            """)
        #expect(outside.passed == 1)
        var bomb = "<!DOCTYPE testsuite [<!ENTITY a0 \"<testcase/>\">"
        for level in 1...10 {
            let inner = String(repeating: "&a\(level - 1);", count: 10)
            bomb += "<!ENTITY a\(level) \"\(inner)\">"
        }
        #expect(throws: JUnitReport.ReportError.self) {
            try report(bomb + "]><testsuite>&a10;</testsuite>")
        }
    }
}
