import EventSourcing
import Testing

@Suite("Event types")
struct EventTypeTests {
    @Test(
        "a short type is expanded, any other is taken as it is",
        arguments: [
            ("release.cut", "dev.daybook.release.cut.v1"),
            ("release.cut.v1", "dev.daybook.release.cut.v1"),
            ("release.cut.v12", "dev.daybook.release.cut.v12"),
            ("tests.passed", "dev.daybook.tests.passed.v1"),
            ("dev.daybook.release.cut.v1", "dev.daybook.release.cut.v1"),
            ("com.example.done", "com.example.done"), ("release", "release"), ("", ""), (".", "."),
            ("release.", "release."), (".cut", ".cut"), ("Release.cut", "Release.cut"),
            ("release.cut2", "release.cut2"), ("release.cut.v0", "release.cut.v0"),
            ("release.cut.v01", "release.cut.v01"), ("release.cut.v", "release.cut.v"),
            ("release.cut.x1", "release.cut.x1"), ("release.cut.v1.v1", "release.cut.v1.v1"),
            ("release cut.v1", "release cut.v1"), ("r\u{E9}lease.cut", "r\u{E9}lease.cut"),
            ("release.cut\u{301}", "release.cut\u{301}"),
            ("release-train.cut", "release-train.cut"),
        ])
    func expansion(short: String, full: String) {
        #expect(EventType(expanding: short) == EventType(full))
    }

    @Test("a versioned type has a name and a number")
    func versions() throws {
        let versioned = try #require(EventType("dev.daybook.release.cut.v12").versioned)
        #expect(versioned == ("dev.daybook.release.cut", 12))
        for text in [
            "", "v1", "a.v0", "a.v01", "a.v", "a.V1", "a.1", "a.v1 ", "a.v1.", "a.v-1",
            "a.v99999999999999999999",
        ] {
            #expect(EventType(text).versioned == nil, "\(text)")
        }
    }

    @Test("types under dev.daybook.ledger. are reserved, their neighbours are not")
    func reserved() {
        #expect(EventType("dev.daybook.ledger.created.v1").isReserved)
        #expect(EventType("dev.daybook.ledger.").isReserved)
        for text in [
            "dev.daybook.ledger", "dev.daybook.ledgers.x", "Dev.daybook.ledger.x", "ledger.x",
        ] {
            #expect(!EventType(text).isReserved)
        }
        #expect(EventType(expanding: "ledger.closed").isReserved)
    }
}
