import EventSourcing
import LedgerCore

extension EventStoreConformance {
    static let time: [Behaviour] = [
        behaviour("recordedtime follows the clock, and stands still when the clock jumps back") {
            store, clock in
            var expected: [Timestamp] = [clock.now]
            for step in [10, -3600, 5, 3590, 7, 0] as [Int64] {
                clock.advance(seconds: step)
                let receipt = try await store.append([try Drafts.draft("e\(expected.count)")])[0]
                let last = expected.last ?? clock.now
                expected.append(max(last, clock.now))
                try Expect.equal(receipt.recordedTime, expected.last, "the time")
            }
            let recorded = try await all(store).map { try RecordedEvent($0).event.recordedTime }
            try Expect.equal(recorded, expected, "the times of the entries")
        }
    ]

    static let reading: [Behaviour] = [
        behaviour(
            "a query reads by position, end, stream, type, id, source and all of them together"
        ) {
            store, _ in
            _ = try await store.append([
                try Drafts.draft("a", subject: "s", type: "t.x"),
                try Drafts.draft("b", subject: "s", type: "t.y"),
                try Drafts.draft("c", type: "t.x"),
                try Drafts.draft("a", subject: "s", source: "https://other.example.com"),
            ])
            func expect(_ positions: [UInt64], _ what: String, _ change: (inout EntryQuery) -> Void)
                async throws
            {
                var query = EntryQuery()
                change(&query)
                let found = try await store.entries(query).map(\.position.value)
                try Expect.equal(found, positions, "the entries by \(what)")
            }
            try await expect([0, 1, 2, 3, 4], "nothing") { _ in }
            try await expect([2, 3, 4], "position") { $0.from = Position(2) }
            try await expect([0, 1], "end") { $0.end = Position(2) }
            try await expect([], "an end before the start") {
                $0.from = Position(3)
                $0.end = Position(2)
            }
            try await expect([1, 2, 4], "stream") { $0.stream = StreamName("s") }
            try await expect([1, 3], "type") { $0.type = EventType("t.x") }
            try await expect([1, 4], "id") { $0.id = EventKey.ID("a") }
            try await expect([], "an id that is not there") { $0.id = EventKey.ID("A") }
            try await expect([4], "source") {
                $0.source = EventKey.Source("https://other.example.com")
            }
            try await expect([2], "all together") {
                $0.from = .first.next
                $0.end = Position(4)
                $0.stream = StreamName("s")
                $0.type = EventType("t.y")
                $0.id = EventKey.ID("b")
            }
        },
        behaviour("a query gives the first entries of a limited number") { store, _ in
            _ = try await store.append(Drafts.drafts(0..<10))
            let page = try await store.entries(EntryQuery(from: Position(3), limit: 4))
            try Expect.equal(page.map(\.position.value), [3, 4, 5, 6], "the page")
            let none = try await store.entries(EntryQuery(from: .first, limit: 0))
            try Expect.that(none.isEmpty, "a limit of 0 gives nothing")
        },
        behaviour("beyond the end there is nothing to read") { store, _ in
            let beyond = try await store.entries(EntryQuery(from: Position(1)))
            try Expect.that(beyond.isEmpty, "no entries")
            try Expect.that(try await store.entry(at: Position(7)) == nil, "no entry")
        },
        behaviour("names are compared by code points") { store, _ in
            _ = try await store.append([try Drafts.draft("1", subject: "caf\u{E9}")])
            var query = EntryQuery()
            query.stream = StreamName("cafe\u{301}")
            try Expect.that(try await store.entries(query).isEmpty, "the twin has no entries")
            query.stream = StreamName("caf\u{E9}")
            try Expect.equal(await store.entries(query).count, 1, "the stream's entries")
        },
    ]

    static let attaching: [Behaviour] = [
        behaviour("attachments are kept by their digest, once or twice, empty ones too") {
            store, _ in
            for bytes in [[], [0], Array(0...255)] as [[UInt8]] {
                let attachment = Attachment(bytes)
                try Expect.that(
                    try await store.attachment(attachment.digest) == nil, "it is not there yet")
                try await store.attach(attachment)
                try await store.attach(attachment)
                try Expect.equal(await store.attachment(attachment.digest), attachment, "the bytes")
            }
        },
        behaviour("an event that names an attachment that the ledger does not hold is refused") {
            store, _ in
            let attachment = Attachment(Array("report".utf8))
            let draft = try Drafts.draft("a", data: Drafts.naming([attachment]))
            let error = try await refusal(.badInput, of: "an event that names what is not there") {
                _ = try await store.append([try Drafts.draft("b"), draft])
            }
            try Expect.equal(error.draft, 1, "the event at fault")
            try Expect.equal(await store.head().size, TreeSize(1), "the size")
            _ = try await store.append([draft], expecting: .any, attaching: [attachment])
            try Expect.equal(await store.attachment(attachment.digest), attachment, "the bytes")
        },
        behaviour("an attachment that was kept before may be named") { store, _ in
            let attachment = Attachment(Array("report".utf8))
            try await store.attach(attachment)
            let receipts = try await store.append([
                try Drafts.draft("a", data: Drafts.naming([attachment]))
            ])
            try Expect.equal(receipts.count, 1, "the receipts")
        },
    ]
}
