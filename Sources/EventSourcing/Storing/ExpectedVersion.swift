import LedgerCore

/// What an append takes the stream of its events, or the log, to be at (optimistic concurrency).
package enum ExpectedVersion: Sendable, Equatable {
    case any
    case noStream
    case version(StreamVersion)
    /// The whole log has exactly so many entries.
    case log(TreeSize)

    /// Throws a conflict unless the stream is at this version (nil: there is no such stream).
    func check(
        _ stream: StreamName?, isAt version: StreamVersion?, in log: TreeSize
    ) throws(StoreError) {
        guard self != .any else { return }
        if case .log(let expected) = self {
            guard expected == log else {
                throw StoreError(
                    .conflict, "the log has \(log) entries; it was expected to have \(expected)")
            }
            return
        }
        guard let stream else {
            throw StoreError(.badInput, "an expected version needs an event with a subject")
        }
        let found = version.map { "at version \($0)" } ?? "not there yet"
        switch self {
        case .noStream where version != nil:
            throw StoreError(.conflict, "\(stream) is \(found); it was expected to be new")
        case .version(let expected) where version != expected:
            throw StoreError(
                .conflict, "\(stream) is \(found); it was expected at version \(expected)")
        default: break
        }
    }
}
