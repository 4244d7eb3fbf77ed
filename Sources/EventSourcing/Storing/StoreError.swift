/// What went wrong with a store: a code to act on, and a sentence that names the place and the way
/// out.
package struct StoreError: Error, CustomStringConvertible {
    package enum Code: Sendable {
        /// The event, the attachment or the request itself is at fault.
        case badInput
        /// The same key with other content, or the stream is at another version than expected.
        case conflict
        /// The file is not a ledger.
        case unreadable
        /// The ledger has a format that only a newer program knows.
        case newerFormat
        case noSuchLedger
        /// Something stands there already, or its folder does not let it be made.
        case cannotCreate
        /// Another process held the ledger for longer than was allowed.
        case busy
        case notAllowed
        /// The disk or the file system failed or is full; nothing of the append is kept.
        case inputOutput
        /// The stored bytes contradict each other.
        case damaged
    }

    package let code: Code
    package let description: String
    /// Which of the events of an append it is about, counted from 0.
    package let draft: Int?

    package init(_ code: Code, _ description: String, draft: Int? = nil) {
        self.code = code
        self.description = description
        self.draft = draft
    }
}
