/// The 0-based index of an entry in the log; also its leaf index in the tree (RFC 6962).
package struct Position: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let value: UInt64

    package init(_ value: UInt64) { self.value = value }

    package static let first = Position(0)

    /// Stops at the largest number that there is.
    package var next: Position { Position(value == .max ? .max : value + 1) }

    package static func < (left: Position, right: Position) -> Bool { left.value < right.value }

    package var description: String { String(value) }
}

/// How many entries a log, or the part of it that a checkpoint covers, has.
package struct TreeSize: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let value: UInt64

    package init(_ value: UInt64) { self.value = value }

    package static let empty = TreeSize(0)

    /// The size of a log that ends with this position.
    package init(through position: Position) { value = position.value + 1 }

    /// The last position it covers; nil for an empty log.
    package var last: Position? { value == 0 ? nil : Position(value - 1) }

    package func covers(_ position: Position) -> Bool { position.value < value }

    package static func < (left: TreeSize, right: TreeSize) -> Bool { left.value < right.value }

    package var description: String { String(value) }
}
