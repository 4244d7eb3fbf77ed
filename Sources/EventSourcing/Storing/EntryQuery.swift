import LedgerCore

/// Which entries to read, in order of position.
package struct EntryQuery: Sendable {
    package var from: Position = .first
    /// The first position that is no longer wanted.
    package var end: Position?
    package var stream: StreamName?
    package var type: EventType?
    package var source: EventKey.Source?
    package var id: EventKey.ID?
    /// From the last to the first instead.
    package var isNewestFirst = false
    /// At most so many entries.
    package var limit: Int = 500

    package init() {}

    package init(from: Position, limit: Int = 500) {
        self.from = from
        self.limit = limit
    }
}
