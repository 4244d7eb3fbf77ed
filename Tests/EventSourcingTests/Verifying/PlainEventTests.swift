import LedgerCore
import LedgerTesting
import Testing

@testable import EventSourcing

/// The quick way must never accept what the long way does not, nor state other facts.
@Suite("The quick way of checking an event")
struct PlainEventTests {
    private func agrees(_ bytes: [UInt8]) -> Bool {
        Facts.checking(bytes) == Facts.checkingAny(bytes)
    }

    private func recorded(_ random: inout RandomJSON, _ numbers: inout SeededNumbers) throws
        -> [UInt8]
    {
        let isStreamed = Bool.random(using: &numbers)
        var object = Drafts.object("id\(numbers.next() % 9)", subject: isStreamed ? "s" : nil)
        if Bool.random(using: &numbers) { object["data"] = random.value(depth: 3) }
        if Bool.random(using: &numbers) { object["time"] = "2026-01-31T12:00:00.5+01:00" }
        if Bool.random(using: &numbers) { object["ciurl"] = "https://example.com/1" }
        if Bool.random(using: &numbers) { object["attempt"] = .number(Double(numbers.next() % 5)) }
        if Bool.random(using: &numbers) { object["final"] = .bool(true) }
        let event = try CloudEvent(.object(object))
        let version = isStreamed ? StreamVersion(Int64(numbers.next() % 20) + 1) : nil
        return event.recorded(at: ManualClock.start, version: version)
    }

    @Test("both ways agree about random events")
    func randomEvents() throws {
        var numbers = Seed.numbers(for: "plain events")
        var random = RandomJSON(Seed.numbers(for: "plain data"))
        for _ in 0..<2000 {
            let bytes = try recorded(&random, &numbers)
            #expect(Facts.checking(bytes).kind == nil)
            #expect(agrees(bytes), "\(String(decoding: bytes, as: UTF8.self))")
        }
    }

    @Test("both ways agree about events with a byte changed, dropped, doubled or swapped")
    func damagedEvents() throws {
        var numbers = Seed.numbers(for: "damaged events")
        var random = RandomJSON(Seed.numbers(for: "damaged data"))
        for _ in 0..<100 {
            let good = try recorded(&random, &numbers)
            for place in good.indices {
                var bytes = good
                switch numbers.next() % 5 {
                case 0: bytes[place] ^= 1 << (numbers.next() % 8)
                case 1: bytes[place] = UInt8.random(in: .min ... .max, using: &numbers)
                case 2: bytes.remove(at: place)
                case 3: bytes.insert(good[place], at: place)
                default: bytes.swapAt(place, Int(numbers.next() % UInt64(good.count)))
                }
                #expect(agrees(bytes), "\(String(decoding: bytes, as: UTF8.self))")
            }
        }
    }

    @Test("both ways agree about corners", arguments: corners)
    func cornersAgree(text: String) {
        #expect(agrees(Array(text.utf8)), "\(text)")
    }

    private static let event =
        #"{"id":"1","recordedtime":"2026-01-31T12:00:00.000000Z","source":"x","specversion":"1.0","type":"t"}"#

    static let corners: [String] =
        [
            "-0", "-1", "0", "00", "01", "1.0", "1e0", "999999999999999", "9007199254740991",
            "9007199254740992", "10000000000000000", "-999999999999999", "[]", "[1,]", "[[]]", "{}",
            #"{"a":1,"a":1}"#, #"{"b":1,"a":1}"#, #"{"":1}"#, #"{"a":{}}"#, "nul", "null", "true",
            "tru", "\"\"",
            "\"\u{7F}\"", "\"é\"", #""\n""#, #""\u0041""#, String(repeating: "[", count: 70),
            String(repeating: "[", count: 70) + String(repeating: "]", count: 70),
            String(repeating: #"{"a":"#, count: 511) + "1" + String(repeating: "}", count: 511),
            String(repeating: #"{"a":"#, count: 512) + "1" + String(repeating: "}", count: 512),
            #"{"attachments":[]}"#, #"{"attachments":[{"digest":"sha256:00","name":"x"}]}"#,
            #"[{"attachments":1}]"#,
        ].map { event.replacing("{", with: #"{"data":\#($0),"#, maxReplacements: 1) }
        + [
            #""a":2147483647"#, #""a":2147483648"#, #""a":-2147483648"#, #""a":-2147483649"#,
            #""a":null"#,
            #""a":"""#, #""a":[]"#, #""A":1"#, #""":1"#, #""a":-0"#, #""aaaaaaaaaaaaaaaaaaaaa":1"#,
            #""aaaaaaaaaaaaaaaaaaaa":1"#, #""data_base64":"AAEC""#, #""data_base64":"A""#,
            #""datacontenttype":"a/b""#, #""datacontenttype":"a""#, #""dataschema":"a:b""#,
            #""dataschema":"a""#, #""data":1,"data_base64":"AAEC""#,
        ].map { event.replacing("{", with: "{\($0),", maxReplacements: 1) }
        + ["%41", "%4", "%", "#", "a#b#c", "a b", "", "\\", "[", "~"].map {
            event.replacing(#":"x""#, with: #":"\#($0)""#)
        }
        + ["2026-01-31T12:00:00Z", "", "x", "2016-12-31T23:59:60Z"].map {
            event.replacing(#""type""#, with: #""time":"\#($0)","type""#)
        }
        + [
            "2016-12-31T23:59:60.000000Z", "2026-01-31 12:00:00.000000Z",
            "2026-01-31T12:00:00.00000Z",
        ].map {
            event.replacing("2026-01-31T12:00:00.000000Z", with: $0)
        }
}
