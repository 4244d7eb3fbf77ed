import EventSourcing
import LedgerCore

/// What is asked of a SQLite file. Every answer is one JSON value a line.
enum SQLiteQueries {
    /// All but what SQLite keeps for itself, and the version number that migration tools keep.
    static let schema = """
        SELECT json_array(type, name, tbl_name, sql) FROM sqlite_schema
          WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name;
        SELECT json_array('pragma', 'user_version', '', CAST(user_version AS TEXT))
          FROM pragma_user_version;
        """

    /// Tables with storage of their own: a virtual table's rows are in its shadow tables.
    static let columns = """
        SELECT json_object('table', t.name, 'column', c.name)
          FROM sqlite_schema t, pragma_table_info(t.name) c
          WHERE t.type = 'table' AND t.rootpage > 0 AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
          ORDER BY t.name, c.cid;
        """

    static func read(
        columns bytes: [UInt8]
    ) throws(RehearsalError) -> [(table: String, columns: [String])] {
        var tables: [(table: String, columns: [String])] = []
        for object in try SnapshotReader.objects(bytes) {
            do throws(EventError) {
                let table = try object.text("table")
                if tables.last?.table != table { tables.append((table, [])) }
                tables[tables.count - 1].columns.append(try object.text("column"))
            } catch {
                throw RehearsalError("the columns cannot be read: \(error)")
            }
        }
        return tables
    }

    /// Values are hashed in the order of their literals, which does not depend on a collation.
    static func checksums(of tables: [(table: String, columns: [String])]) -> String {
        tables.map { table, columns in
            let rows = columns.map { "quote(\(name($0)))" }.joined(separator: "||','||")
            let each = columns.map {
                "SELECT \(text($0)) AS n, \(hash("quote(\(name($0)))", of: table)) AS h"
            }.joined(separator: " UNION ALL ")
            return """
                SELECT json_object('table', \(text(table)),
                  'rows', (SELECT count(*) FROM \(name(table))),
                  'checksum', \(hash(rows, of: table)),
                  'columns', (SELECT json_group_object(n, h) FROM (\(each))));
                """
        }.joined(separator: "\n")
    }

    /// `sha3_query` is a function of the sqlite3 command.
    private static func hash(_ expression: String, of table: String) -> String {
        let query = "SELECT \(expression) FROM \(name(table)) ORDER BY 1"
        return "lower(hex(sha3_query(\(text(query)), 256)))"
    }

    private static func name(_ text: String) -> String { quoted(text, "\"") }
    private static func text(_ text: String) -> String { quoted(text, "'") }

    private static func quoted(_ text: String, _ quote: Character) -> String {
        var result = String(quote)
        for letter in text.unicodeScalars {
            result.unicodeScalars.append(letter)
            if Character(letter) == quote { result.unicodeScalars.append(letter) }
        }
        return result + String(quote)
    }
}
