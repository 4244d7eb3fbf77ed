import EventSourcing
import LedgerCore

/// What a table held at one moment. Checksums do not depend on the order of rows.
package struct TableSnapshot: Sendable, Equatable {
    package var name: String
    package var rows: Int
    /// Of whole rows.
    package var checksum: String
    /// Of each column's values by themselves.
    package var columns: [String: String]

    package init(name: String, rows: Int, checksum: String, columns: [String: String] = [:]) {
        self.name = name
        self.rows = rows
        self.checksum = checksum
        self.columns = columns
    }

    package init(_ data: PayloadReader) throws(EventError) {
        name = try data.text("table")
        rows = try data.integer("rows")
        checksum = try data.text("checksum")
        guard let members = try data.value("columns").object?.members else {
            throw EventError("columns must be an object")
        }
        columns = [:]
        for member in members { columns[member.name] = member.value.string ?? "" }
    }

    package var json: JSONValue {
        var columns = JSONObject()
        for (name, checksum) in self.columns { columns[name] = .string(checksum) }
        return [
            "table": .string(name), "rows": .integer(rows), "checksum": .string(checksum),
            "columns": .object(columns),
        ]
    }
}

/// A table before the migration and after its rollback; nil where it was not there.
package struct TableComparison: Sendable, Equatable {
    package var name: String
    package var rowsBefore: Int?
    package var rowsAfter: Int?
    package var checksumBefore: String?
    package var checksumAfter: String?

    package init(_ name: String, _ before: TableSnapshot?, _ after: TableSnapshot?) {
        self.name = name
        rowsBefore = before?.rows
        rowsAfter = after?.rows
        checksumBefore = before?.checksum
        checksumAfter = after?.checksum
    }

    init(_ data: PayloadReader) throws(EventError) {
        name = try data.text("table")
        rowsBefore = data.has("rowsbefore") ? try data.integer("rowsbefore") : nil
        rowsAfter = data.has("rowsafter") ? try data.integer("rowsafter") : nil
        checksumBefore = try data.optionalText("checksumbefore")
        checksumAfter = try data.optionalText("checksumafter")
    }

    package var isSame: Bool { rowsBefore == rowsAfter && checksumBefore == checksumAfter }

    package var json: JSONValue {
        [
            "table": .string(name),
            "rowsbefore": rowsBefore.map { .integer($0) } ?? .null,
            "rowsafter": rowsAfter.map { .integer($0) } ?? .null,
            "checksumbefore": .optional(checksumBefore),
            "checksumafter": .optional(checksumAfter),
        ]
    }

    /// All tables of both moments; those that differ first, each kind by name.
    package static func all(
        before: [TableSnapshot], after: [TableSnapshot]
    ) -> [TableComparison] {
        let old = Dictionary(before.map { ($0.name, $0) }) { first, _ in first }
        let new = Dictionary(after.map { ($0.name, $0) }) { first, _ in first }
        let all = Set(old.keys).union(new.keys).sorted().map {
            TableComparison($0, old[$0], new[$0])
        }
        return all.filter { !$0.isSame } + all.filter(\.isSame)
    }
}
