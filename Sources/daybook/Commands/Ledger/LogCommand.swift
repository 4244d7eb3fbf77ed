import ArgumentParser
import EventSourcing
import Foundation
import LedgerCore
import SQLiteStore

struct LogCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "List entries in order.",
        discussion: """
              daybook log --subject release/shop/1.5.0
              daybook log --type release.cut --since 2026-01-01 -o json
              daybook log --last 20 --follow
            """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var format: OutputOptions

    @Option(help: "Only this stream.")
    var subject: String?

    @Option(help: "Only this type; release.cut is short for dev.daybook.release.cut.v1.")
    var type: String?

    @Option(help: "Only what was recorded at or after this time: RFC 3339, or a date in UTC.")
    var since: String?

    @Option(help: "Only what was recorded before this time.")
    var until: String?

    @Option(help: "Only from this position on.")
    var from: UInt64?

    @Option(help: "Only up to this position, which is included.")
    var to: UInt64?

    @Option(help: "At most so many entries.")
    var limit: Int?

    @Option(help: "Only the last so many positions of the log.")
    var last: UInt64?

    @Flag(help: "Go on with new entries as they come.")
    var follow = false

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit is 1 or more") }
        if from != nil, last != nil {
            throw ValidationError("--from and --last exclude each other")
        }
    }

    func execute() async throws {
        let store = try ledger.openForReading()
        var query = try await query(on: store)
        var printer = EntryPrinter(format.output)
        var left = limit ?? Int.max
        while left > 0 {
            query.limit = min(left, 500)
            let page = try await store.entries(query)
            for entry in page {
                if follow, let end = try untilTime(), try entry.recordedTime() >= end {
                    return try printer.finishPage()
                }
                try printer.print(entry)
            }
            left -= page.count
            if let last = page.last { query.from = last.position.next }
            if page.count < query.limit {
                try printer.finishPage()
                guard follow, query.end.map({ query.from < $0 }) ?? true else { return }
                if let to, try await store.head().size.covers(Position(to)) { return }
                try StandardOutput.flush()
                try await Task.sleep(for: .milliseconds(200))
            }
        }
        try printer.finishPage()
    }

    private func query(on store: SQLiteEventStore) async throws -> EntryQuery {
        var query = EntryQuery()
        query.from = Position(from ?? 0)
        if let last {
            let size = try await store.head().size.value
            query.from = Position(size > last ? size - last : 0)
        }
        if let since {
            let first = try await store.firstPosition(recordedFrom: instant(since, "--since"))
            query.from = max(query.from, first)
        }
        if let to { query.end = Position(to).next }
        // Who follows waits for entries of that time too.
        if !follow, let time = try untilTime() {
            let end = try await store.firstPosition(recordedFrom: time)
            query.end = min(query.end ?? end, end)
        }
        query.stream = subject.map { StreamName($0) }
        query.type = type.map { EventType(expanding: $0) }
        return query
    }

    private func untilTime() throws -> Timestamp? { try until.map { try instant($0, "--until") } }

    private func instant(_ text: String, _ option: String) throws -> Timestamp {
        guard let time = Timestamp(rfc3339: text) ?? Timestamp(rfc3339: text + "T00:00:00Z") else {
            throw Failure(
                .usage, "\(option) \"\(text)\": give a date, or a time as 2026-01-31T12:00:00Z")
        }
        return time
    }
}

extension EventStore {
    /// The first position whose entry was recorded at or after an instant; the end of the log if
    /// there is none. `recordedtime` never decreases, so a binary search finds it.
    fileprivate func firstPosition(recordedFrom instant: Timestamp) async throws -> Position {
        var low: UInt64 = 0
        var high = try await head().size.value
        while low < high {
            let middle = low + (high - low) / 2
            guard let entry = try await entry(at: Position(middle)) else {
                throw StoreError(.damaged, "position \(middle) is missing; run daybook verify")
            }
            if try entry.recordedTime() < instant { low = middle + 1 } else { high = middle }
        }
        return Position(low)
    }
}

/// Prints entries as rows or as JSON Lines.
private struct EntryPrinter {
    private let format: OutputFormat
    private var table: Table?

    private static let headings = ["position", "recorded", "type", "subject", "actor", "id"]

    init(_ format: OutputFormat) { self.format = format }

    mutating func print(_ entry: Entry) throws {
        guard format == .table else { return try StandardOutput.write(entry.jsonLine) }
        let event = try RecordedEvent(entry).event
        var table = table ?? Table(Self.headings)
        table.add([
            "\(entry.position)", event.recordedTime?.description ?? "–", event.type.text,
            event.subject?.text ?? "–", event.object["actor"]?.string ?? "–", event.key.id.text,
        ])
        self.table = table
    }

    mutating func finishPage() throws {
        try table?.write()
        table = nil
    }
}

extension Entry {
    fileprivate func recordedTime() throws -> Timestamp {
        guard let time = try RecordedEvent(self).event.recordedTime else {
            throw StoreError(.damaged, "position \(position) has no recordedtime")
        }
        return time
    }

    /// `{"event":…,"hash":…,"position":…}` with the event's own bytes, not written anew.
    var jsonLine: [UInt8] {
        Array("{\"event\":".utf8) + eventBytes
            + Array(",\"hash\":\"\(hash.hex)\",\"position\":\(position)}\n".utf8)
    }
}
