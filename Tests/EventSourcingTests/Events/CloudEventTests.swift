import EventSourcing
import LedgerCore
import LedgerTesting
import Testing

@Suite("CloudEvents")
struct CloudEventTests {
    @Test("a good attribute is accepted", arguments: good)
    func goodAttributes(name: String, value: JSONValue) throws {
        var object = Drafts.object("1")
        object[name] = value
        #expect(throws: Never.self) { try CloudEvent(.object(object)) }
    }

    static let good: [(String, JSONValue)] = [
        ("id", "x"), ("id", " "), ("id", "é😀"), ("source", "x"), ("source", "/a/b?c=d#e"),
        ("source", "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66"),
        ("source", "mailto:a@example.com"),
        ("source", "//host/daybook"), ("source", "https://example.com/%C3%A9"), ("source", "#"),
        ("source", "http://[::1]:80/"), ("type", "x"), ("type", "com.example.done"), ("type", "Ä"),
        ("subject", "release/shop/1.5.0"), ("subject", "caf\u{E9}"),
        ("time", "2026-01-31T12:00:00Z"),
        ("time", "2026-01-31T12:00:00.123456789+02:00"), ("datacontenttype", "application/json"),
        ("datacontenttype", "text/plain; charset=utf-8"),
        ("datacontenttype", #"a/b ; c="x \" y" ; d=e"#), ("datacontenttype", #"a/b;c="""#),
        ("datacontenttype", "application/cloudevents+json"),
        ("dataschema", "https://example.com/schema"), ("dataschema", "urn:x"), ("dataschema", "a:"),
        ("data", .null), ("data", .bool(true)), ("data", 1), ("data", "text"), ("data", []),
        ("data", [:]),
        ("data", "\u{0}\u{7F}\u{FFFE}"), ("data_base64", ""), ("data_base64", "AAEC"), ("a", "x"),
        ("a", ""),
        ("abcdefghij0123456789", "x"), ("0", 1), ("traceparent", "00-ab-cd-01"),
        ("a", .bool(false)),
        ("a", 0), ("a", 2_147_483_647), ("a", -2_147_483_648), ("a", "9007199254740993"),
        ("correlationid", "x"), ("subject", .null), ("time", .null), ("a", .null),
    ]

    @Test("a bad attribute is refused", arguments: bad)
    func badAttributes(name: String, value: JSONValue) throws {
        var object = Drafts.object("1")
        object[name] = value
        #expect(throws: EventError.self) { try CloudEvent(.object(object)) }
    }

    static let bad: [(String, JSONValue)] = required + uris + others + extensions + characters

    private static let required: [(String, JSONValue)] =
        ["specversion", "id", "source", "type"]
        .flatMap { name in
            [.null, "", 1, .bool(true), [], [:]].map { (name, $0) }
        } + [
            ("specversion", "1"), ("specversion", "1.1"), ("specversion", "1.0 "),
            ("specversion", "0.3"),
        ]

    private static let uris: [(String, JSONValue)] = [
        ("source", "a b"), ("source", "é"), ("source", "https://example.com/é"), ("source", "a\\b"),
        ("source", "<a>"), ("source", "{a}"), ("source", "a|b"), ("source", "a^b"), ("source", "`"),
        ("source", "\""), ("source", "%"), ("source", "%4"), ("source", "%zz"), ("source", "a%2"),
        ("source", "#a#b"), ("source", "a\n"), ("dataschema", ""), ("dataschema", "schema"),
        ("dataschema", "/schema"), ("dataschema", "//host/schema"), ("dataschema", "#x"),
        ("dataschema", ":x"), ("dataschema", "1a:x"), ("dataschema", "a b:x"),
        ("dataschema", "a_b:x"),
        ("dataschema", "https://example.com/a b"), ("dataschema", 1), ("dataschema", "a/b:c"),
    ]

    private static let others: [(String, JSONValue)] = [
        ("subject", ""), ("subject", 1), ("subject", []), ("time", ""), ("time", "now"),
        ("time", "2026-01-31"), ("time", "2026-02-30T12:00:00Z"), ("time", 1_769_860_800),
        ("datacontenttype", ""), ("datacontenttype", "json"), ("datacontenttype", "a/b/c"),
        ("datacontenttype", "/json"), ("datacontenttype", "text/"),
        ("datacontenttype", "te xt/plain"), ("datacontenttype", "a/b;"),
        ("datacontenttype", "a/b; c"), ("datacontenttype", #"a/b; c="x"#),
        ("datacontenttype", #"a/b; c="x\""#), ("datacontenttype", "a/b;c=d "),
        ("datacontenttype", "text/plain,text/html"), ("datacontenttype", 1),
        ("datacontenttype", "; charset=utf-8"), ("data_base64", 1), ("data_base64", "A"),
        ("data_base64", "AA=A"), ("data_base64", "AAE C"), ("data_base64", [:]),
    ]

    private static let extensions: [(String, JSONValue)] = [
        ("", "x"), ("A", "x"), ("traceParent", "x"), ("a-b", "x"), ("a_b", "x"), ("a.b", "x"),
        ("a b", "x"),
        ("é", "x"), ("abcdefghij01234567890", "x"), ("a", []), ("a", [:]), ("a", .number(0.5)),
        ("a", .number(2_147_483_648)), ("a", .number(-2_147_483_649)), ("a", .number(1e300)),
        ("data2_", "x"), ("Data", "x"), ("ID", "x"),
    ]

    private static let characters: [(String, JSONValue)] = ["id", "type", "subject", "a"].flatMap {
        name in
        // Noncharacters cannot stand in a literal.
        [
            0x00, 0x0A, 0x1F, 0x7F, 0x80, 0x9F, 0xFDD0, 0xFDEF, 0xFFFE, 0xFFFF, 0x1_FFFE, 0x10_FFFF,
        ].compactMap { Unicode.Scalar($0 as UInt32) }.map { (name, .string("x\($0)")) }
    }

    @Test("neighbours of forbidden characters are allowed")
    func neighbours() throws {
        let text = "\u{20}\u{7E}\u{A0}\u{FDCF}\u{FDF0}\u{FFFD}\u{10000}\u{1FFFD}\u{10FFFD}\u{2028}"
        #expect(try CloudEvent(.object(Drafts.object(text))).key.id.text == text)
    }

    @Test(
        "what is no object is no event", arguments: [.null, 1, "x", [], .bool(true)] as [JSONValue])
    func otherValues(value: JSONValue) {
        #expect(throws: EventError.self) { try CloudEvent(value) }
    }

    @Test("data and data_base64 exclude each other, though one of them is null")
    func twoData() throws {
        var object = Drafts.object("1", data: 1)
        object["data_base64"] = "AAEC"
        #expect(throws: EventError.self) { try CloudEvent(.object(object)) }
        object["data_base64"] = .null
        #expect(try CloudEvent(.object(object)).object["data_base64"] == nil)
    }

    @Test("null attributes are left out, null data stays")
    func nulls() throws {
        var object = Drafts.object("1", data: .null)
        object["subject"] = .null
        object["a"] = .null
        let event = try CloudEvent(.object(object))
        #expect(event.object == Drafts.object("1", data: .null))
        #expect(event.subject == nil && event.data == .some(.null))
    }

    @Test("attachments are the elements with a name and a digest in its one form")
    func attachments() throws {
        let digest = SHA256.hash([1])
        func reference(_ name: JSONValue?, _ digest: JSONValue?) -> JSONValue {
            var object = JSONObject()
            object["name"] = name
            object["digest"] = digest
            return .object(object)
        }
        let good = JSONValue.string(digest.reference)
        let elements: [JSONValue] = [
            reference("a", good), reference("", good), reference(nil, good), reference(1, good),
            reference("a", nil), reference("a", .string(digest.hex)), "x", 1, .null, [],
            reference("a", .string("sha256:" + digest.hex.uppercased())),
            reference("a", .string("SHA256:" + digest.hex)), reference("a", .string("sha256:")),
            reference("a", .string("sha512:" + digest.hex)),
            reference("a", .string(digest.reference + "0")),
            reference("a", .string("sha256: " + digest.hex)),
        ]
        let event = try CloudEvent(
            .object(Drafts.object("1", data: ["attachments": .array(elements)])))
        #expect(event.attachments == [digest, digest])
        for data in [nil, 1, [], ["attachments": good], [["attachments": .array(elements)]]]
            as [JSONValue?]
        {
            #expect(try CloudEvent(.object(Drafts.object("1", data: data))).attachments == [])
        }
    }

    @Test("a digest whose colon carries a combining mark names no attachment")
    func combiningMark() {
        let digest = SHA256.hash([1])
        #expect(Digest(reference: "sha256:\u{301}" + digest.hex) == nil)
        #expect(Digest(reference: digest.reference) == digest)
    }
}
