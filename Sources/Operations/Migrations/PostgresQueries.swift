import LedgerCore

/// What is asked of PostgreSQL. Every answer is one JSON value a line.
enum PostgresQueries {
    /// Settings of the sessions that read: a row that a policy would hide is an error instead.
    static let readerSettings = """
        SET row_security = off; SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'iso_8601';
        SET bytea_output = 'hex'; SET extra_float_digits = 3; SET search_path = pg_catalog;
        """

    /// A query for every table, run by \gexec. Sums of two 64-bit hashes do not depend on the order
    /// of rows; a table needs no key. `json_object` takes any number of columns.
    static let tables = """
        SELECT format(
            'SELECT json_build_object(''table'', %L, ''rows'', count(*), ''checksum'', '
            'concat_ws(''/'', count(*), sum(hashtextextended(daybook_row::text, 1)::numeric), '
            'sum(hashtextextended(daybook_row::text, 2)::numeric)), '
            '''columns'', json_object(ARRAY[%s]::text[])) FROM ONLY %I.%I AS daybook_row',
            n.nspname || '.' || c.relname,
            (SELECT string_agg(format(
                '%L, concat_ws(''/'', count(daybook_row.%I), '
                'sum(hashtextextended(daybook_row.%I::text, 1)::numeric), '
                'sum(hashtextextended(daybook_row.%I::text, 2)::numeric))',
                a.attname, a.attname, a.attname, a.attname), ', ' ORDER BY a.attnum)
              FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
            n.nspname, c.relname)
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind = 'r' AND c.relpersistence <> 't'
            AND n.nspname NOT IN ('pg_catalog', 'information_schema')
            AND n.nspname NOT LIKE 'pg\\_toast%'
          ORDER BY 1
        \\gexec
        """

    /// A text as a literal of SQL.
    static func literal(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
            + "'"
    }
}

/// The schema as pg_dump writes it, without what differs from run to run: the lines `\restrict WORD`,
/// its first command, and `\unrestrict WORD`, its last (PostgreSQL 15.14 and later). Lines of the
/// same look elsewhere belong to the body of a function or to a comment.
enum PostgresSchemaText {
    static func normalised(_ dump: [UInt8]) -> [UInt8] {
        var lines = dump.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let isCommand = { (line: ArraySlice<UInt8>) in
            !line.isEmpty && !line.starts(with: "--".utf8)
        }
        for (start, found) in [
            ("\\unrestrict ", lines.lastIndex(where: isCommand)),
            ("\\restrict ", lines.firstIndex(where: isCommand)),
        ] {
            if let found, lines[found].starts(with: start.utf8) { lines.remove(at: found) }
        }
        return Array(lines.joined(separator: [UInt8(ascii: "\n")]))
    }
}

/// What psql would do with a file of SQL.
enum PostgresScript {
    /// The first line, from 1, that connects to another database: it would leave the scratch copy.
    /// Looked for where psql's commands are written: first on a line, or after a `;`.
    static func reconnection(in sql: [UInt8]) -> Int? {
        let lines = sql.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let found = lines.firstIndex { line in
            line.split(separator: UInt8(ascii: ";")).contains { statement in
                let words = statement.split { $0 == 0x20 || (0x09...0x0D).contains($0) }
                return words.first.map {
                    ["\\c", "\\connect"].contains(String(decoding: $0, as: UTF8.self))
                }
                    ?? false
            }
        }
        return found.map { $0 + 1 }
    }
}
