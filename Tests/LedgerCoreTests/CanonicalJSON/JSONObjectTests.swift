import LedgerCore
import Testing

@Suite("JSON objects")
struct JSONObjectTests {
    @Test("setting, replacing and removing members keeps the canonical order")
    func editing() {
        var object = JSONObject()
        for name in ["b", "a", "\u{FFFF}", "\u{10000}", "c"] { object[name] = .string(name) }
        object["b"] = 2
        object["c"] = nil
        object["never there"] = nil
        #expect(object.members.map(\.name) == ["a", "b", "\u{10000}", "\u{FFFF}"])
        #expect(object["b"] == 2)
        #expect(object["c"] == nil)
    }

    @Test("a member that is null is there, a member that is absent is not")
    func nullMembers() throws {
        let object = try #require(try StrictJSONParser.parse(Array(#"{"a":null}"#.utf8)).object)
        #expect(object["a"] == .some(.null))
        #expect(object["b"] == nil)
    }

    @Test("an integer is a number that a double holds exactly, within ±(2^53 − 1)")
    func integers() {
        #expect(JSONValue.number(9_007_199_254_740_991).integer == 9_007_199_254_740_991)
        #expect(JSONValue.number(-9_007_199_254_740_991).integer == -9_007_199_254_740_991)
        #expect(JSONValue.number(-0.0).integer == 0)
        for value in [9_007_199_254_740_992, 0.5, 1e300, -1e300, 1e-300] {
            #expect(JSONValue.number(value).integer == nil)
        }
        #expect(JSONValue.string("1").integer == nil)
    }
}
