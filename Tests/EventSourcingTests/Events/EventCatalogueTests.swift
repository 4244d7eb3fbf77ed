import EventSourcing
import LedgerCore
import LedgerTesting
import Testing

/// Version 1 had `version` as a number, version 2 as a text, version 3 puts it into an object.
private struct ReleaseCut: EventPayload {
    let version: String
    let isFinal: Bool

    static let definition = EventDefinition(
        name: "com.example.release.cut", summary: "For tests.",
        upcasters: [
            Upcaster { data throws(EventError) in
                guard let number = data.object?["version"]?.integer else {
                    throw EventError("version 1 needs a number")
                }
                return ["version": .string("\(number).0")]
            },
            Upcaster { data throws(EventError) in
                ["release": ["version": data.object?["version"] ?? .null, "final": .bool(true)]]
            },
        ])

    init(data: JSONValue) throws(EventError) {
        guard let release = data.object?["release"]?.object,
            let version = release["version"]?.string
        else { throw EventError("a release needs a version") }
        self.version = version
        isFinal = release["final"] == .bool(true)
    }

    var data: JSONValue { ["release": ["version": .string(version), "final": .bool(isFinal)]] }
}

@Suite("The catalogue of events")
struct EventCatalogueTests {
    private let catalogue = EventCatalogue([ReleaseCut.self, LedgerCreated.self])

    private func event(_ type: String, _ data: JSONValue?) throws -> CloudEvent {
        try CloudEvent(.object(Drafts.object("1", type: type, data: data)))
    }

    @Test(
        "data of every version is read as the newest",
        arguments: [
            ("com.example.release.cut.v1", ["version": 7], "7.0", true),
            ("com.example.release.cut.v2", ["version": "1.5"], "1.5", true),
            (
                "com.example.release.cut.v3",
                ["release": ["version": "2.0", "final": .bool(false)]], "2.0", false
            ),
        ] as [(String, JSONValue, String, Bool)])
    func upcasting(type: String, data: JSONValue, version: String, isFinal: Bool) throws {
        let payload = try #require(try catalogue.payload(of: event(type, data)) as? ReleaseCut)
        #expect(payload.version == version && payload.isFinal == isFinal)
    }

    @Test("new events have the newest version")
    func newest() {
        #expect(ReleaseCut.definition.newestVersion == 3)
        #expect(ReleaseCut.definition.type == EventType("com.example.release.cut.v3"))
    }

    @Test("data that does not fit its version is refused")
    func badData() throws {
        for (type, data) in [
            ("com.example.release.cut.v1", ["version": "x"]), ("com.example.release.cut.v2", [:]),
            ("com.example.release.cut.v3", ["version": "2.0"]), ("com.example.release.cut.v3", nil),
        ] as [(String, JSONValue?)] {
            let event = try event(type, data)
            #expect(throws: EventError.self) { try catalogue.payload(of: event) }
        }
    }

    @Test("a version newer than the program knows is refused, not misread")
    func newerVersion() throws {
        let event = try event("com.example.release.cut.v4", [:])
        #expect(throws: EventError.self) { try catalogue.payload(of: event) }
    }

    @Test(
        "other types are foreign",
        arguments: ["com.example.release.cut", "com.example.release", "com.example.other.v1", "x"])
    func foreign(type: String) throws {
        #expect(try catalogue.payload(of: event(type, [:])) == nil)
    }

    @Test("definitions come by name")
    func definitions() {
        #expect(
            catalogue.definitions.map(\.name)
                == ["com.example.release.cut", "dev.daybook.ledger.created"])
    }
}
