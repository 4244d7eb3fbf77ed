import LedgerCore

/// How many requests there were in an interval, and how many of them were bad: failed, slow, denied.
package struct RequestCounts: Sendable, Equatable {
    package var total: Int
    /// At most `total`.
    package var bad: Int

    package init(total: Int, bad: Int) {
        self.total = total
        self.bad = bad
    }

    package static let none = RequestCounts(total: 0, bad: 0)

    package static func + (left: RequestCounts, right: RequestCounts) -> RequestCounts {
        RequestCounts(total: left.total + right.total, bad: left.bad + right.bad)
    }

    package var json: JSONValue { ["bad": .integer(bad), "total": .integer(total)] }
}

/// One look: what both versions answered in the same interval.
package struct LookCounts: Sendable, Equatable {
    package var canary: RequestCounts
    package var stable: RequestCounts

    package init(canary: RequestCounts, stable: RequestCounts = .none) {
        self.canary = canary
        self.stable = stable
    }
}
