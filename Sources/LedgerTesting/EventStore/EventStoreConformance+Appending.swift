import EventSourcing
import LedgerCore

extension EventStoreConformance {
    static let beginning: [Behaviour] = [
        behaviour("a new ledger holds the entry that names its origin and key") { store, _ in
            let head = try await store.head()
            try Expect.equal(head.size, TreeSize(1), "the size")
            try Expect.equal(head.origin, Keys.origin(), "the origin")
            let first = try Expect.some(await store.entry(at: .first), "entry at position 0")
            try Expect.equal(
                LedgerCreated(eventBytes: first.eventBytes).key.description, Keys.verifierKey,
                "the key")
            try Expect.equal(first.previous, .zero, "the link of the first entry")
            try await checkWhole(store)
        },
        behaviour("entries and the newest checkpoint fit together after every append") {
            store, clock in
            for number in 0..<12 {
                clock.advance(seconds: 1)
                let ids = (0...(number % 4)).map { "\(number).\($0)" }
                _ = try await store.append(ids.map { try Drafts.draft($0, subject: "s") })
                try await checkWhole(store)
            }
        },
    ]

    static let appending: [Behaviour] = [
        behaviour("a receipt states the entry, its link, its version and a covering checkpoint") {
            store, clock in
            let drafts = [
                try Drafts.draft("a", subject: "s"), try Drafts.draft("b"),
                try Drafts.draft("c", subject: "s"),
            ]
            let receipts = try await store.append(drafts)
            try Expect.equal(receipts.map(\.position.value), [1, 2, 3], "the positions")
            try Expect.equal(receipts.map(\.id.text), ["a", "b", "c"], "the ids")
            try Expect.equal(
                receipts.map(\.streamVersion), [StreamVersion(1), nil, StreamVersion(2)],
                "the versions")
            let key = try VerifierKey(parsing: Keys.verifierKey)
            for receipt in receipts {
                let entry = try Expect.some(await store.entry(at: receipt.position), "entry")
                try Expect.equal(receipt.hash, entry.hash, "the hash")
                try Expect.equal(receipt.previous, entry.previous, "the link")
                try Expect.equal(receipt.recordedTime, clock.now, "the time")
                try Expect.that(!receipt.isDuplicate, "a new event is no duplicate")
                let head = try Checkpoint(verifying: receipt.checkpoint, by: key)
                try Expect.that(head.size.covers(receipt.position), "the checkpoint covers it")
            }
        },
        behaviour("an append of no events changes nothing") { store, _ in
            let before = try await store.head()
            let receipts = try await store.append([])
            try Expect.that(receipts.isEmpty, "no receipts")
            try Expect.equal(await store.head(), before, "the head")
        },
        behaviour("an append that is refused leaves nothing behind, whichever event is at fault") {
            store, _ in
            _ = try await store.append([try Drafts.draft("taken")])
            let before = try await store.head()
            let kept = Attachment(Array("kept?".utf8))
            for place in 0..<4 {
                var drafts = try Drafts.drafts(0..<4)
                drafts[place] = try Drafts.draft("taken", data: "something else")
                let error = try await refusal(
                    .conflict, of: "an append with a conflict at \(place)"
                ) {
                    _ = try await store.append(drafts, expecting: .any, attaching: [kept])
                }
                try Expect.equal(error.draft, place, "the event at fault")
            }
            try Expect.equal(await store.head(), before, "the head")
            try Expect.that(
                try await store.attachment(kept.digest) == nil, "the attachment is undone")
            try await checkWhole(store)
        },
        behaviour("an event above the size limit is refused, one of exactly the limit is kept") {
            store, _ in
            func draft(_ length: Int) throws -> EventDraft {
                try Drafts.draft("large", data: .string(String(repeating: "x", count: length)))
            }
            let small = try await store.append([draft(10).renamed("small")])[0]
            let entry = try Expect.some(await store.entry(at: small.position), "entry")
            let room = Entry.largestEvent - entry.eventBytes.count + 10
            let error = try await refusal(.badInput, of: "an event above the limit") {
                _ = try await store.append([draft(room + 1)])
            }
            try Expect.equal(error.draft, 0, "the event at fault")
            let largest = try await store.append([draft(room)])[0]
            let kept = try Expect.some(await store.entry(at: largest.position), "entry")
            try Expect.equal(kept.eventBytes.count, Entry.largestEvent, "its size")
        },
        behaviour("streams count their own versions, in one append and over many") { store, _ in
            _ = try await store.append([
                try Drafts.draft("1", subject: "a"), try Drafts.draft("2", subject: "b"),
                try Drafts.draft("3", subject: "a"),
            ])
            let receipts = try await store.append([
                try Drafts.draft("4", subject: "b"), try Drafts.draft("5", subject: "a"),
            ])
            try Expect.equal(receipts.map(\.streamVersion?.value), [2, 3], "the versions")
        },
        behaviour("streams whose names differ only by normalisation are two streams") { store, _ in
            let receipts = try await store.append([
                try Drafts.draft("1", subject: "caf\u{E9}"),
                try Drafts.draft("2", subject: "cafe\u{301}"),
            ])
            try Expect.equal(receipts.map(\.streamVersion?.value), [1, 1], "the versions")
        },
        behaviour("appends of many tasks happen one after another, without a gap") { store, _ in
            let positions = try await withThrowingTaskGroup(of: [UInt64].self) { group in
                for task in 0..<8 {
                    group.addTask {
                        var positions: [UInt64] = []
                        for number in 0..<5 {
                            let draft = try Drafts.draft("\(task).\(number)", subject: "shared")
                            positions += try await store.append([draft]).map(\.position.value)
                        }
                        return positions
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            try Expect.equal(positions.sorted(), Array(1...40), "the positions")
            var query = EntryQuery()
            query.stream = StreamName("shared")
            let versions = try await store.entries(query).map {
                try RecordedEvent($0).event.streamVersion?.value
            }
            try Expect.equal(versions, Array(1...40), "the versions in order of position")
            try await checkWhole(store)
        },
    ]
}

extension EventDraft {
    fileprivate func renamed(_ id: String) throws -> EventDraft {
        var object = event.object
        object["id"] = .string(id)
        return try EventDraft(CloudEvent(.object(object)), defaulted: defaulted)
    }
}
