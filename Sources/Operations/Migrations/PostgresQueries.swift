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

/// The schema as pg_dump writes it, without what differs from run to run: its comments, and the
/// random words of `\restrict` (PostgreSQL 15.14 and later).
enum PostgresSchemaText {
    static func normalised(_ dump: [UInt8]) -> [UInt8] {
        let starts = ["\\restrict ", "\\unrestrict ", "-- Name: ", "-- Dumped ", "-- PostgreSQL "]
            .map { Array($0.utf8) }
        var result: [UInt8] = []
        for line in dump.split(separator: UInt8(ascii: "\n")) {
            guard line != Array("--".utf8)[...], !starts.contains(where: { line.starts(with: $0) })
            else { continue }
            result += line + [UInt8(ascii: "\n")]
        }
        return result
    }
}
