import EventSourcing
import LedgerCore
import LedgerTesting
import Testing

@Suite("Receipts")
struct ReceiptTests {
    @Test("a receipt's JSON has the members of the specification")
    func json() async throws {
        let store = try InMemoryEventStore(signer: Keys.signer(), clock: ManualClock().reading)
        let receipts = try await store.append([
            try Drafts.draft("a", subject: "s"), try Drafts.draft("b"),
        ])
        let object = try #require(receipts[0].json.object)
        #expect(
            object.members.map(\.name) == [
                "assurance", "checkpoint", "duplicate", "hash", "id", "position", "previous",
                "recordedtime", "streamversion",
            ])
        #expect(object["position"] == 1 && object["id"] == "a" && object["streamversion"] == 1)
        #expect(object["duplicate"] == .bool(false) && object["assurance"] == "signed")
        #expect(object["recordedtime"] == "2026-01-31T12:00:00.000000Z")
        #expect(object["hash"]?.string == receipts[0].hash.hex)
        #expect(object["previous"]?.string == receipts[0].previous.hex)
        #expect(object["checkpoint"]?.string == receipts[0].checkpoint.description)
        #expect(receipts[1].json.object?["streamversion"] == .some(.null))
    }
}
