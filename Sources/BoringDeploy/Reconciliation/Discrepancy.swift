import EventSourcing
import LedgerCore

/// Something that the log and the world outside do not both have.
package struct Discrepancy: Sendable, Equatable, Hashable {
    /// What it is about, the same at every reconciliation: `tag:v1.5.0`, `commit:<id>`,
    /// `run:<workflow>#<number>`, `artifact:sha256:<hash>`.
    package let item: String
    /// What is wrong with it, in words.
    package let detail: String

    package init(_ item: String, _ detail: String) {
        self.item = item
        self.detail = detail
    }

    init(_ data: PayloadReader) throws(EventError) {
        item = try data.text("item")
        detail = try data.text("detail")
    }

    package var json: JSONValue { ["item": .string(item), "detail": .string(detail)] }
}

/// One comparison: what was looked at on either side, and what does not agree.
package struct Reconciled: Sendable, Equatable {
    /// As `git tags`.
    package let source: String
    /// How many items the world outside has, and how many of them the log knows.
    package var outside: Int
    package var matched: Int
    package var discrepancies: [Discrepancy]

    package init(
        _ source: String, outside: Int = 0, matched: Int = 0, discrepancies: [Discrepancy] = []
    ) {
        self.source = source
        self.outside = outside
        self.matched = matched
        self.discrepancies = discrepancies
    }
}
