import EventSourcing
import LedgerCore
import LedgerTesting
import Testing

@Suite("Checking one event")
struct EventCheckTests {
    private static let good =
        #"{"id":"1","recordedtime":"2026-01-31T12:00:00.000000Z","source":"x","specversion":"1.0","type":"t"}"#
    private static let streamed =
        #"{"id":"1","recordedtime":"2026-01-31T12:00:00.000000Z","source":"x","specversion":"1.0","#
        + #""streamversion":3,"subject":"s","type":"t"}"#

    @Test("a recorded event is good, and its facts are those that it states")
    func facts() {
        let facts = Facts.checking(Array(Self.streamed.utf8))
        #expect(
            facts
                == Facts(
                    kind: nil, texts: ["x", "1", "t", "s"], version: 3, time: ManualClock.start,
                    attachments: []))
        #expect(Facts.checking(Array(Self.good.utf8)).texts == ["x", "1", "t", nil])
    }

    @Test("an event that is not as it must be is a finding of its kind", arguments: bad)
    func badEvents(what: String, text: String, kind: Finding.Kind) {
        #expect(Facts.checking(Array(text.utf8)).kind == kind)
        #expect(Facts.checkingAny(Array(text.utf8)).kind == kind)
    }

    static let bad: [(String, String, Finding.Kind)] = [
        ("nothing", "", .canonical), ("no JSON", "x", .canonical),
        ("a space", good.replacing("{", with: "{ "), .canonical),
        ("a line feed at the end", good + "\n", .canonical),
        ("a byte-order mark", "\u{FEFF}" + good, .canonical),
        ("an escape that need not be", good.replacing(#""x""#, with: #""\u0078""#), .canonical),
        (
            "a member out of order", good.replacing(#"{"id":"1","#, with: #"{"zz":"1","id":"1","#),
            .canonical
        ),
        ("a name twice", good.replacing("{", with: #"{"id":"1","#), .canonical),
        ("a number in another form", good.replacing("{", with: #"{"data":1.0,"#), .canonical),
        (
            "a large integer in other digits",
            good.replacing("{", with: #"{"data":9007199254740993,"#), .canonical
        ),
        ("no object", "[]", .event), ("an empty object", "{}", .event),
        ("no id", good.replacing(#""id":"1","#, with: ""), .event),
        ("an empty id", good.replacing(#""id":"1""#, with: #""id":"""#), .event),
        ("a null attribute", good.replacing("{", with: #"{"a":null,"#), .event),
        ("a bad extension", good.replacing("{", with: #"{"A":"x","#), .event),
        ("a bad source", good.replacing(#""x""#, with: #""x y""#), .event),
        ("another version", good.replacing("1.0", with: "1.1"), .event),
        (
            "no recordedtime",
            good.replacing(#""recordedtime":"2026-01-31T12:00:00.000000Z","#, with: ""), .event
        ),
        ("a shorter recordedtime", good.replacing(".000000Z", with: "Z"), .event),
        ("another zone", good.replacing("00.000000Z", with: "00.0+00:00"), .event),
        ("a day that is not", good.replacing("01-31", with: "02-31"), .event),
        (
            "a recordedtime before the year 0",
            good.replacing("2026-01-31T12:00:00.000000Z", with: "0000-01-01T00:00:00.0+01:00"),
            .event
        ),
        ("a version without a subject", streamed.replacing(#""subject":"s","#, with: ""), .event),
        (
            "a subject without a version", streamed.replacing(#""streamversion":3,"#, with: ""),
            .event
        ),
        ("version 0", streamed.replacing(":3,", with: ":0,"), .event),
        ("a negative version", streamed.replacing(":3,", with: ":-1,"), .event),
        ("a version that is a text", streamed.replacing(":3,", with: #":"3","#), .event),
        ("half a version", streamed.replacing(":3,", with: ":1.5,"), .event),
    ]

    @Test("an event above the size limit is a finding, one of exactly the limit is good")
    func size() {
        let room = Entry.largestEvent - Self.good.utf8.count - #""data":"","#.utf8.count
        for (length, kind) in [(room, nil), (room + 1, .event)] as [(Int, Finding.Kind?)] {
            let data = String(repeating: "x", count: length)
            let text = Self.good.replacing("{", with: #"{"data":"\#(data)","#)
            #expect(Facts.checking(Array(text.utf8)).kind == kind)
        }
    }

    @Test("attachments that an event names are among its facts")
    func attachments() {
        let digest = SHA256.hash([1])
        let data = #"{"data":{"attachments":[{"digest":"\#(digest.reference)","name":"a"}]},"#
        let facts = Facts.checking(Array(Self.good.replacing("{", with: data).utf8))
        #expect(facts.kind == nil && facts.attachments == [digest])
    }
}

/// What a check said, copied out of the bytes that it borrows.
struct Facts: Equatable {
    var kind: Finding.Kind?
    /// Source, id, type, subject.
    var texts: [String?] = []
    var version: Int64 = 0
    var time: Timestamp?
    var attachments: [Digest] = []

    static func checking(_ bytes: [UInt8]) -> Facts {
        bytes.withUnsafeBytes { EventCheck.check($0) { Facts($0) } }
    }

    static func checkingAny(_ bytes: [UInt8]) -> Facts {
        bytes.withUnsafeBytes { EventCheck.checkAny($0) { Facts($0) } }
    }
}

extension Facts {
    init(_ outcome: EventCheck.Outcome) {
        switch outcome {
        case .bad(let kind, _): self.kind = kind
        case .good(let facts):
            texts = [facts.source, facts.id, facts.type, facts.subject].map { bytes in
                bytes.map { String(decoding: $0, as: UTF8.self) }
            }
            version = facts.version
            time = facts.time
            attachments = facts.attachments
        }
    }
}
