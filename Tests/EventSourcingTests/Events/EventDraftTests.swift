import EventSourcing
import LedgerCore
import LedgerTesting
import Testing

/// docs/spec/receipt.md, "The same event again".
@Suite("Drafts and duplicates")
struct EventDraftTests {
    /// What a draft becomes when it is recorded, with more attributes if given.
    private func recorded(_ object: JSONObject, adding: [String: JSONValue] = [:]) throws
        -> CloudEvent
    {
        var object = object
        object["recordedtime"] = "2026-01-31T12:00:00.000000Z"
        if object["subject"] != nil { object["streamversion"] = 1 }
        for (name, value) in adding { object[name] = value }
        return try CloudEvent(.object(object))
    }

    private func full() -> JSONObject {
        var object = Drafts.object("1", subject: "s", data: ["a": [1, "é"]])
        object["time"] = "2026-01-31T12:00:00Z"
        object["actor"] = "ann"
        object["cirunid"] = "17"
        object["correlationid"] = "c"
        return object
    }

    @Test("an event is the same as what was recorded of it")
    func same() throws {
        for object in [full(), Drafts.object("1"), Drafts.object("1", data: .null)] {
            #expect(try Drafts.draft(object).isSame(as: recorded(object)))
        }
    }

    @Test("any stated member that differs makes it another event")
    func different() throws {
        let draft = try Drafts.draft(full())
        for (name, value) in [
            ("id", "2"), ("source", "x"), ("type", "y"), ("subject", "t"), ("data", 1),
            ("data", .null),
            ("time", "2026-01-31T12:00:00.0Z"), ("actor", "ben"), ("cirunid", "18"),
            ("correlationid", "d"),
        ] as [(String, JSONValue)] {
            #expect(!draft.isSame(as: try recorded(full(), adding: [name: value])), "\(name)")
        }
    }

    @Test("any stated member that was not recorded makes it another event")
    func missing() throws {
        let draft = try Drafts.draft(full())
        for name in ["data", "time", "actor", "cirunid", "correlationid"] {
            var object = full()
            object[name] = nil
            #expect(!draft.isSame(as: try recorded(object)), "\(name)")
        }
    }

    @Test("recorded members that the client may have filled in are passed over, others are not")
    func additions() throws {
        let draft = try Drafts.draft(Drafts.object("1"))
        for name in ["actor", "cirunid", "ciprovider", "ci"] {
            #expect(
                draft.isSame(as: try recorded(Drafts.object("1"), adding: [name: "x"])), "\(name)")
        }
        let time: [String: JSONValue] = ["time": "2026-01-31T12:00:00Z"]
        #expect(draft.isSame(as: try recorded(Drafts.object("1"), adding: time)))
        for name in ["correlationid", "data", "traceparent", "actors", "c"] {
            #expect(
                !draft.isSame(as: try recorded(Drafts.object("1"), adding: [name: "x"])), "\(name)")
        }
        let subject: [String: JSONValue] = ["subject": "s", "streamversion": 1]
        #expect(!draft.isSame(as: try recorded(Drafts.object("1"), adding: subject)))
    }

    @Test("a member that was filled in is not compared, one that was stated is")
    func defaulted() throws {
        var object = full()
        object["time"] = "2026-02-01T08:00:00Z"
        object["actor"] = "ben"
        #expect(
            try Drafts.draft(object, defaulted: ["time", "actor"]).isSame(as: recorded(full())))
        #expect(!(try Drafts.draft(object, defaulted: ["time"]).isSame(as: recorded(full()))))
    }

    @Test("texts are compared by code points, numbers by value")
    func comparison() throws {
        let draft = try Drafts.draft("1", data: ["t": "\u{E9}", "n": 1])
        let twin = Drafts.object("1", data: ["t": "e\u{301}", "n": 1])
        #expect(!draft.isSame(as: try recorded(twin)))
        let value = try StrictJSONParser.parse(Array(#"{"n":1.0,"t":"\u00e9"}"#.utf8))
        #expect(draft.isSame(as: try recorded(Drafts.object("1", data: value))))
    }

    @Test("what only the ledger states is refused: its attributes and its types")
    func refused() throws {
        for (name, value) in [
            ("recordedtime", "2026-01-31T12:00:00.000000Z"), ("streamversion", 1),
            ("type", "dev.daybook.ledger.created.v1"), ("type", "dev.daybook.ledger.other"),
        ] as [(String, JSONValue)] {
            var object = Drafts.object("1", subject: "s")
            object[name] = value
            #expect(throws: EventError.self) { try Drafts.draft(object) }
        }
    }
}
