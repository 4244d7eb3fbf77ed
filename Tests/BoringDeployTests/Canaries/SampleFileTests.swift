import BoringDeploy
import EventSourcing
import LedgerCore
import Testing

@Suite("A file of samples")
struct SampleFileTests {
    @Test(
        "what is wrong is told with its place",
        arguments: [
            ("[]", "the file must be an object"),
            ("{}", "checks is missing"),
            (#"{"checks":[]}"#, "nothing would be judged"),
            (#"{"checks":{}}"#, "checks must be an array"),
            (#"{"checks":[1]}"#, "checks[0] must be an object"),
            (#"{"checks":[{"kind":"gauge"}]}"#, "checks[0].name is missing"),
            (#"{"checks":[{"name":"a","kind":"x"}]}"#, "take counts or gauge"),
            (#"{"alpha":1,"checks":[]}"#, "alpha must lie between 0 and 1"),
            (#"{"alfa":0.1,"checks":[]}"#, "alfa is not known here"),
            (#"{"checks":[{"name":"a","kind":"counts"}]}"#, "checks[0].looks is missing"),
            (#"{"checks":[{"name":"a","kind":"counts","looks":[{}]}]}"#, "canary is missing"),
            (
                #"{"checks":[{"name":"a","kind":"counts","looks":[{"canary":{"total":1,"bad":2},"stable":{"total":1,"bad":0}}]}]}"#,
                "checks[0].looks[0].canary: 2 bad requests of 1"
            ),
            (
                #"{"checks":[{"name":"a","kind":"counts","looks":[{"canary":{"total":1.5,"bad":0}}]}]}"#,
                "checks[0].looks[0].canary.total must be a whole number"
            ),
            (
                #"{"checks":[{"name":"a","kind":"counts","looks":[{"canary":{"total":-1,"bad":0}}]}]}"#,
                "checks[0].looks[0].canary.total must be a whole number"
            ),
            (
                #"{"checks":[{"name":"a","kind":"counts","looks":[{"canary":{"total":1}}]}]}"#,
                "checks[0].looks[0].canary.bad is missing"
            ),
            (
                #"{"checks":[{"name":"a","kind":"counts","looks":[{"canary":{"total":1,"bad":0}}]}]}"#,
                "neither stable counts nor a limit"
            ),
            (
                #"{"checks":[{"name":"a","kind":"gauge","canary":[null],"stable":[]}]}"#,
                "checks[0].canary[0] must be a number"
            ),
            (
                #"{"checks":[{"name":"a","kind":"gauge","canary":[],"stable":[],"limit":1}]}"#,
                "checks[0].limit is not known here"
            ),
            (
                #"{"checks":[{"name":"a","kind":"gauge","canary":[],"stable":[]},{"name":"a","kind":"gauge","canary":[],"stable":[]}]}"#,
                "two checks are called a"
            ),
        ])
    func faults(_ text: String, _ fault: String) throws {
        let value = try StrictJSONParser.parse(Array(text.utf8))
        let error = #expect(throws: EventError.self) { try SampleFile(value) }
        #expect(error?.description.contains(fault) == true, "\(error?.description ?? "")")
    }

    @Test("α is shared by the checks")
    func sharing() throws {
        let check = #"{"name":"NAME","kind":"gauge","canary":[],"stable":[]}"#
        let checks = ["a", "b", "c", "d"].map { check.replacing("NAME", with: $0) }
        let text = #"{"alpha":0.02,"checks":["# + checks.joined(separator: ",") + "]}"
        let file = try SampleFile(StrictJSONParser.parse(Array(text.utf8)))
        #expect(file.verdicts.count == 4)
        for verdict in file.verdicts {
            #expect(verdict.numbers["alpha"] == .number(0.005))
            #expect(verdict.finding == .inconclusive)
        }
    }
}
