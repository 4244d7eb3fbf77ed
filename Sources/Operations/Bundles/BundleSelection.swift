import EventSourcing
import EvidenceBundle
import LedgerCore

/// The entries that a bundle shows, and what it says of each key.
struct BundleSelection {
    /// By position.
    private(set) var entries: [Position: Entry] = [:]
    private(set) var complete: [IndexKey: Tail] = [:]
    /// The events asked for, of a population.
    private(set) var members: [RecordedEvent] = []
    /// Where entries of other streams stand that bear on a release.
    var surroundings: [StreamName: [Position]] = [:]
    /// Where the newest reconciliation and all explanations stand.
    var reconciliations: [Position] = []
    /// Of the releases, in order.
    private(set) var streams: [StreamName] = []

    /// The shown entries of a key, after and before what is summed up.
    struct Tail {
        var before = KeyTally.none
        var positions: [Position] = []
        var after: [Digest] = []
    }

    let log: any EventStore
    let size: TreeSize

    /// - Parameter size: What the seal covers.
    init(_ log: any EventStore, below size: TreeSize) {
        self.log = log
        self.size = size
    }

    mutating func add(_ entry: Entry) { entries[entry.position] = entry }

    var ordered: [Entry] { entries.values.sorted { $0.position < $1.position } }

    /// Every entry of a stream.
    mutating func addStream(_ stream: StreamName) async throws {
        guard complete[.subject(stream.text)] == nil else { return }
        var query = EntryQuery(from: .first)
        query.stream = stream
        var tail = Tail()
        try await forEach(query) { entry in
            entries[entry.position] = entry
            tail.positions.append(entry.position)
        }
        guard !tail.positions.isEmpty else { return }
        complete[.subject(stream.text)] = tail
        guard stream.text.utf8.starts(with: "release/".utf8) else { return }
        streams.append(stream)
        try await addSurroundings(of: stream)
    }

    /// Every entry of a type in the period, with one before and one after, which show where it
    /// begins and ends; and the whole stream of each.
    mutating func addPopulation(_ type: EventType, _ period: BundleScope.Period) async throws {
        var query = EntryQuery(from: .first)
        query.type = type
        var tail = Tail()
        var hasher = IndexHasher()
        var previous: Entry?
        var found: [RecordedEvent] = []
        var edges: [Entry] = []
        try await forEach(query) { entry in
            let event = try RecordedEvent(entry)
            guard let time = event.event.recordedTime else { return }
            if let since = period.since, time < since {
                if let previous { tail.before.add(previous.hash, with: &hasher) }
                previous = entry
            } else if let until = period.until, time >= until {
                if tail.after.isEmpty, edges.isEmpty {
                    edges.append(entry)
                } else {
                    tail.after.append(entry.hash)
                }
            } else {
                found.append(event)
            }
        }
        let shown = [previous].compactMap(\.self) + found.map(\.entry) + edges
        for entry in shown {
            entries[entry.position] = entry
            tail.positions.append(entry.position)
        }
        if !shown.isEmpty { complete[.type(type.text)] = tail }
        members = found
        for member in found {
            if let subject = member.event.subject { try await addStream(subject) }
        }
    }

    /// All entries of a type that a bundle of another scope needs as well.
    mutating func addSupporting(_ type: EventType) async throws {
        var found: [Entry] = []
        try await forEach(type: type) { found.append($0) }
        for entry in found { add(entry) }
    }

    /// Every entry of a type below the seal.
    func forEach(type: EventType, _ body: (Entry) throws -> Void) async throws {
        var query = EntryQuery(from: .first)
        query.type = type
        try await forEach(query, body)
    }

    /// The time stamp that says the most of what is shown: the first that covers all of it, else the
    /// newest.
    mutating func addTimestamp() async throws {
        let last = complete.values.compactMap(\.positions.last).max() ?? .first
        var query = EntryQuery(from: .first)
        query.type = CheckpointTimestamped.definition.type
        var chosen: (entry: Entry, stamp: CheckpointTimestamped)?
        try await forEach(query) { entry in
            guard let event = try? RecordedEvent(entry).event,
                event.subject == LedgerCreated.stream,
                let stamp = try? CheckpointTimestamped(data: event.data ?? .null),
                chosen.map({ !$0.stamp.size.covers(last) }) ?? true
            else { return }
            chosen = (entry, stamp)
        }
        guard let chosen else { return }
        entries[chosen.entry.position] = chosen.entry
    }

    /// Every entry below the seal, and before the query's end.
    func forEach(_ query: EntryQuery, _ body: (Entry) throws -> Void) async throws {
        var query = query
        query.end = min(query.end ?? Position(size.value), Position(size.value))
        while true {
            let page = try await log.entries(query)
            for entry in page { try body(entry) }
            guard let last = page.last, page.count == query.limit else { return }
            query.from = last.position.next
        }
    }
}
