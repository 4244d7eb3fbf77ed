import EventSourcing
import LedgerCore

extension EventStoreConformance {
    static let duplicates: [Behaviour] = [
        behaviour("an event that is sent again gets its first receipt, marked as a duplicate") {
            store, clock in
            let draft = try Drafts.draft("a", subject: "s", data: ["n": 1])
            let first = try await store.append([draft])[0]
            _ = try await store.append([try Drafts.draft("b", subject: "s")])
            clock.advance(seconds: 60)
            let before = try await store.head()
            let again = try await store.append([draft])[0]
            try Expect.that(again.isDuplicate, "it is marked as a duplicate")
            try Expect.equal(again.position, first.position, "the position")
            try Expect.equal(again.hash, first.hash, "the hash")
            try Expect.equal(again.previous, first.previous, "the link")
            try Expect.equal(again.streamVersion, first.streamVersion, "the version")
            try Expect.equal(again.recordedTime, first.recordedTime, "the time")
            try Expect.equal(again.checkpoint, first.checkpoint, "the checkpoint")
            try Expect.equal(await store.head(), before, "the head")
        },
        behaviour("an event that stands twice in one append is recorded once") { store, _ in
            let draft = try Drafts.draft("a", subject: "s")
            let receipts = try await store.append([draft, try Drafts.draft("b"), draft])
            try Expect.equal(receipts.map(\.position.value), [1, 2, 1], "the positions")
            try Expect.equal(receipts.map(\.isDuplicate), [false, false, true], "the duplicates")
            try Expect.equal(receipts[2].checkpoint, receipts[0].checkpoint, "the checkpoint")
        },
        behaviour("a batch that broke off is completed by sending it again") { store, _ in
            let drafts = try Drafts.drafts(0..<6)
            _ = try await store.append(Array(drafts[..<4]))
            let receipts = try await store.append(drafts)
            try Expect.equal(
                receipts.map(\.isDuplicate), [true, true, true, true, false, false],
                "the duplicates")
            try Expect.equal(receipts.map(\.position.value), Array(1...6), "the positions")
            try await checkWhole(store)
        },
        behaviour("the same key with other content is a conflict") { store, _ in
            _ = try await store.append([try Drafts.draft("a", subject: "s", data: 1)])
            let others = [
                Drafts.object("a", subject: "s", data: 2), Drafts.object("a", subject: "s"),
                Drafts.object("a", data: 1), Drafts.object("a", subject: "t", data: 1),
                Drafts.object("a", subject: "s", type: "com.example.other", data: 1),
            ]
            for other in others {
                let draft = try Drafts.draft(other)
                _ = try await refusal(.conflict, of: "an event with a taken key") {
                    _ = try await store.append([draft])
                }
            }
        },
        behaviour("the same id of another source is another event") { store, _ in
            let receipts = try await store.append([
                try Drafts.draft("a"), try Drafts.draft("a", source: "https://other.example.com"),
            ])
            try Expect.equal(receipts.map(\.position.value), [1, 2], "the positions")
        },
        behaviour("ids that differ only by normalisation are two events") { store, _ in
            let receipts = try await store.append([
                try Drafts.draft("caf\u{E9}"), try Drafts.draft("cafe\u{301}"),
            ])
            try Expect.equal(receipts.map(\.isDuplicate), [false, false], "the duplicates")
        },
        behaviour("attributes that were filled in by default are not compared") { store, _ in
            func draft(time: String, actor: String) throws -> EventDraft {
                var object = Drafts.object("a")
                object["time"] = .string(time)
                object["actor"] = .string(actor)
                return try Drafts.draft(object, defaulted: ["time", "actor"])
            }
            let first = try await store.append([draft(time: "2026-01-31T12:00:00Z", actor: "ann")])[
                0]
            let again = try await store.append([draft(time: "2026-01-31T12:05:00Z", actor: "ben")])[
                0]
            try Expect.that(again.isDuplicate, "it is a duplicate")
            let entry = try Expect.some(await store.entry(at: first.position), "entry")
            let time = try RecordedEvent(entry).event.object["time"]
            try Expect.equal(time, "2026-01-31T12:00:00Z", "the time of the first sending")
        },
        behaviour("an attribute that was stated and differs is a conflict, filled in before or not")
        {
            store, _ in
            var object = Drafts.object("a")
            object["time"] = "2026-01-31T12:00:00Z"
            _ = try await store.append([try Drafts.draft(object, defaulted: ["time"])])
            object["time"] = "2026-01-31T12:05:00Z"
            let stated = try Drafts.draft(object)
            _ = try await refusal(.conflict, of: "another time") {
                _ = try await store.append([stated])
            }
        },
    ]

    static let expectations: [Behaviour] = [
        behaviour("a stream that is expected to be new must not be there") { store, _ in
            let first = try Drafts.draft("1", subject: "s")
            _ = try await store.append([first], expecting: .noStream)
            _ = try await refusal(.conflict, of: "a stream that is there") {
                _ = try await store.append(
                    [try Drafts.draft("2", subject: "s")], expecting: .noStream)
            }
        },
        behaviour("a stream must be at the version that is expected") { store, _ in
            _ = try await store.append([
                try Drafts.draft("1", subject: "s"), try Drafts.draft("2", subject: "s"),
            ])
            for version in [1, 3] as [Int64] {
                _ = try await refusal(.conflict, of: "version \(version) of a stream at 2") {
                    _ = try await store.append(
                        [try Drafts.draft("x", subject: "s")],
                        expecting: .version(StreamVersion(version)))
                }
            }
            let receipts = try await store.append(
                [try Drafts.draft("3", subject: "s"), try Drafts.draft("4", subject: "s")],
                expecting: .version(StreamVersion(2)))
            try Expect.equal(receipts.map(\.streamVersion?.value), [3, 4], "the versions")
        },
        behaviour("a version of a stream that is not there is a conflict") { store, _ in
            _ = try await refusal(.conflict, of: "a version of no stream") {
                _ = try await store.append(
                    [try Drafts.draft("1", subject: "s")], expecting: .version(.first))
            }
        },
        behaviour("the log must have as many entries as expected, whoever has written") {
            store, _ in
            let size = try await store.head().size
            for wrong in [TreeSize(size.value - 1), TreeSize(size.value + 1)] {
                _ = try await refusal(.conflict, of: "a log of another size") {
                    _ = try await store.append(
                        [try Drafts.draft("1", subject: "s")], expecting: .log(wrong))
                }
            }
            let draft = try Drafts.draft("1", subject: "s")
            let receipts = try await store.append([draft], expecting: .log(size))
            try Expect.equal(receipts.map(\.position.value), [size.value], "the position")
            // A duplicate was let in before.
            let again = try await store.append([draft], expecting: .log(size))
            try Expect.equal(again.map(\.isDuplicate), [true], "whether it is a duplicate")
        },
        behaviour("of two tasks that expect the same version one wins") { store, _ in
            _ = try await store.append([try Drafts.draft("0", subject: "s")])
            let wins = try await withThrowingTaskGroup(of: Bool.self) { group in
                for task in 1...6 {
                    group.addTask {
                        do throws(StoreError) {
                            let draft = try? Drafts.draft("\(task)", subject: "s")
                            _ = try await store.append(
                                [draft].compactMap(\.self), expecting: .version(.first))
                            return true
                        } catch {
                            try Expect.equal(error.code, .conflict, "the code")
                            return false
                        }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            try Expect.equal(wins, 1, "the winners")
        },
        behaviour("duplicates alone succeed whatever is expected") { store, _ in
            let draft = try Drafts.draft("1", subject: "s")
            _ = try await store.append([draft], expecting: .noStream)
            _ = try await store.append([try Drafts.draft("2", subject: "s")])
            let again = try await store.append([draft], expecting: .noStream)
            try Expect.that(again[0].isDuplicate, "it is a duplicate")
        },
        behaviour("an expectation needs events of one subject") { store, _ in
            let mixed = [try Drafts.draft("1", subject: "s"), try Drafts.draft("2", subject: "t")]
            _ = try await refusal(.badInput, of: "an expectation of two streams") {
                _ = try await store.append(mixed, expecting: .noStream)
            }
            _ = try await refusal(.badInput, of: "an expectation without a subject") {
                _ = try await store.append([try Drafts.draft("3")], expecting: .noStream)
            }
            try Expect.equal(await store.head().size, TreeSize(1), "the size")
        },
    ]
}
