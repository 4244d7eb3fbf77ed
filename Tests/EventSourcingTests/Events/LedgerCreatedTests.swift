import EventSourcing
import LedgerCore
import LedgerTesting
import Testing

@Suite("The first entry")
struct LedgerCreatedTests {
    private let good: JSONObject = {
        var object = JSONObject()
        object["format"] = 1
        object["key"] = .string(Keys.verifierKey)
        object["origin"] = "example.com/shop"
        return object
    }()

    @Test("its data names the format, the key and the origin")
    func data() throws {
        let created = LedgerCreated(key: try Keys.signer().verifierKey)
        #expect(created.data == .object(good))
        #expect(try LedgerCreated(data: .object(good)) == created)
        let draft = try created.draft(at: ManualClock.start)
        #expect(draft.event.type.text == "dev.daybook.ledger.created.v1")
        #expect(draft.event.subject == StreamName("ledger"))
    }

    @Test(
        "data that does not fit is refused",
        arguments: [
            ("format", nil), ("format", 2), ("format", "1"), ("key", nil), ("key", "x"), ("key", 1),
            ("origin", nil), ("origin", "example.com/other"), ("origin", 1), ("origin", ""),
        ] as [(String, JSONValue?)])
    func bad(name: String, value: JSONValue?) {
        var object = good
        object[name] = value
        #expect(throws: EventError.self) { try LedgerCreated(data: .object(object)) }
    }
}
