import Dispatch
import LedgerCore
import Synchronization

/// The events of a log, page by page: one is read while another is folded, and read on all cores.
struct EventPages {
    typealias Page = (events: [RecordedEvent], last: Entry)

    private let log: any EventStore
    private let end: Position?
    private let size: Int
    private var ahead: Task<Result<Page?, StoreError>, Never>

    /// - Parameter end: Where to stop; nil for the end of the log.
    init(of log: any EventStore, from start: Position, to end: Position? = nil, size: Int = 5000) {
        self.log = log
        self.end = end
        self.size = size
        ahead = Self.page(of: log, from: start, to: end, size: size)
    }

    /// Nil at the end.
    mutating func next() async throws(StoreError) -> Page? {
        guard let page = try await ahead.value.get() else { return nil }
        ahead = Self.page(of: log, from: page.last.position.next, to: end, size: size)
        return page
    }

    private static func page(
        of log: any EventStore, from start: Position, to end: Position?, size: Int
    ) -> Task<Result<Page?, StoreError>, Never> {
        Task {
            do throws(StoreError) {
                var query = EntryQuery(from: start, limit: size)
                query.end = end
                let entries = try await log.entries(query)
                guard let last = entries.last else { return .success(nil) }
                return .success((try events(of: entries), last))
            } catch {
                return .failure(error)
            }
        }
    }

    /// Reads the events of a page on all cores.
    private static func events(of page: [Entry]) throws(StoreError) -> [RecordedEvent] {
        let length = 500
        let runs = stride(from: 0, to: page.count, by: length).map {
            page[$0..<min($0 + length, page.count)]
        }
        let results = Mutex([Int: Result<[RecordedEvent], StoreError>]())
        DispatchQueue.concurrentPerform(iterations: runs.count) { index in
            let result = Result { () throws(StoreError) in try read(runs[index]) }
            results.withLock { $0[index] = result }
        }
        let found = results.withLock { $0 }
        var events: [RecordedEvent] = []
        events.reserveCapacity(page.count)
        for index in runs.indices {
            if let run = found[index] { events += try run.get() }
        }
        return events
    }

    private static func read(_ entries: ArraySlice<Entry>) throws(StoreError) -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        events.reserveCapacity(entries.count)
        for entry in entries {
            do throws(EventError) {
                events.append(try RecordedEvent(entry))
            } catch {
                throw StoreError(.damaged, "position \(entry.position): \(error)")
            }
        }
        return events
    }
}
