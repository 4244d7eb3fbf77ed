import LedgerCore

/// A pure fold of the log into documents by key. What it holds can always be had again from the
/// log.
package protocol Projection: Sendable {
    /// Lower-case words joined by hyphens.
    var name: String { get }
    /// Raised whenever the fold or the shape of a document changes: documents of another version
    /// are folded anew.
    var version: Int { get }

    /// The documents that an event touches.
    func keys(of event: RecordedEvent) -> [DocumentKey]

    /// The document after an event; nil deletes it.
    func evolve(
        _ document: JSONValue?, at key: DocumentKey, with event: RecordedEvent
    ) -> JSONValue?
}

/// The name of a document within its projection.
package struct DocumentKey: EventName {
    package let text: String
    package init(_ text: String) { self.text = text }
}

/// How far a projection has read: the entry, by position and hash (so that another or a rewound
/// ledger is noticed), and with which version of the fold.
package struct ProjectionCursor: Sendable, Equatable {
    package let position: Position
    package let hash: Digest
    package let version: Int

    package init(position: Position, hash: Digest, version: Int) {
        self.position = position
        self.hash = hash
        self.version = version
    }
}
