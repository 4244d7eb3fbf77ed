import EventSourcing
import LedgerCore

/// Data that a rollback did not bring back.
package struct DataLoss: Sendable, Equatable {
    package enum Kind: String, Sendable {
        /// The table or the column is gone, and had rows.
        case dropped
        /// It is there, with other content.
        case changed
    }

    package var table: String
    /// Nil where it is the table as a whole.
    package var column: String?
    package var kind: Kind
    /// How many rows the table had before.
    package var rows: Int

    package init(table: String, column: String? = nil, kind: Kind, rows: Int) {
        self.table = table
        self.column = column
        self.kind = kind
        self.rows = rows
    }

    init(_ data: PayloadReader) throws(EventError) {
        table = try data.text("table")
        column = try data.optionalText("column")
        guard let kind = Kind(rawValue: try data.text("kind")) else {
            throw EventError("a loss is dropped or changed")
        }
        self.kind = kind
        rows = try data.integer("rows")
    }

    var json: JSONValue {
        [
            "table": .string(table), "column": .optional(column), "kind": .string(kind.rawValue),
            "rows": .integer(rows),
        ]
    }

    /// In words, as "table orders, column note: its values are others after the rollback (5 rows)".
    package var description: String {
        let place = "table \(table)" + (column.map { ", column \($0)" } ?? "")
        let what =
            kind == .dropped
            ? "is gone after the rollback" : "has other content after the rollback"
        return "\(place): \(what) (it had \(rows) \(rows == 1 ? "row" : "rows"))"
    }

    /// Compares every table that was there before. Rows that only exist after are no loss; a table
    /// whose columns agree one by one, but whose rows do not, has changed as a whole.
    package static func between(
        _ before: [TableSnapshot], _ after: [TableSnapshot]
    ) -> [DataLoss] {
        let found = Dictionary(after.map { ($0.name, $0) }) { first, _ in first }
        return before.sorted { $0.name < $1.name }.flatMap { old -> [DataLoss] in
            guard let new = found[old.name] else {
                return old.rows == 0
                    ? [] : [DataLoss(table: old.name, kind: .dropped, rows: old.rows)]
            }
            let columns = old.columns.sorted { $0.key < $1.key }.compactMap { column, checksum in
                loss(of: column, checksum, in: old, now: new)
            }
            guard columns.isEmpty, old.columns.keys == new.columns.keys, old.rows > 0,
                old.checksum != new.checksum
            else { return columns }
            return [DataLoss(table: old.name, kind: .changed, rows: old.rows)]
        }
    }

    private static func loss(
        of column: String, _ checksum: String, in old: TableSnapshot, now new: TableSnapshot
    ) -> DataLoss? {
        guard old.rows > 0, new.columns[column] != checksum else { return nil }
        let kind: Kind = new.columns[column] == nil ? .dropped : .changed
        return DataLoss(table: old.name, column: column, kind: kind, rows: old.rows)
    }
}
