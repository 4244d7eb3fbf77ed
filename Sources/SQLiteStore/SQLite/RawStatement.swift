import GRDB
import GRDBSQLite
import LedgerCore

/// A prepared statement on the C handle, for the two hot loops (the batch's inserts and
/// verification's scan), where GRDB's row objects cost more than the work itself. The only place,
/// with `LedgerConnection`, that speaks to SQLite's C interface.
struct RawStatement: ~Copyable {
    private let handle: OpaquePointer
    private let connection: OpaquePointer

    /// Throws `DatabaseError` if the SQL does not compile.
    init(_ database: Database, _ sql: String) throws {
        guard let connection = database.sqliteConnection else {
            throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "the ledger is closed")
        }
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(
            connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle else { throw Self.error(connection, code) }
        self.handle = handle
        self.connection = connection
    }

    deinit { sqlite3_finalize(handle) }

    /// Whether there is a row.
    mutating func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw Self.error(connection, code)
        }
    }

    /// Runs to its end and makes it ready for the next bindings.
    mutating func run() throws {
        defer { sqlite3_reset(handle) }
        while try step() {}
    }

    mutating func reset() { sqlite3_reset(handle) }

    private static func error(_ connection: OpaquePointer, _ code: Int32) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
            message: String(cString: sqlite3_errmsg(connection)))
    }

    // MARK: Bindings, numbered from 1. Bytes are copied.

    private static let copy = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    mutating func bind(_ value: Int64, at index: Int32) { sqlite3_bind_int64(handle, index, value) }

    mutating func bind(_ digest: Digest, at index: Int32) {
        digest.withUnsafeBytes { bytes in
            _ = sqlite3_bind_blob(handle, index, bytes.baseAddress, 32, Self.copy)
        }
    }

    mutating func bindText(_ bytes: UnsafeRawBufferPointer, at index: Int32) {
        let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
        _ = sqlite3_bind_text(handle, index, start, Int32(bytes.count), Self.copy)
    }

    mutating func bind(_ text: String, at index: Int32) {
        var text = text
        text.withUTF8 { bindText(UnsafeRawBufferPointer($0), at: index) }
    }

    // MARK: Columns, numbered from 0.

    func int64(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func isInteger(_ column: Int32) -> Bool {
        sqlite3_column_type(handle, column) == SQLITE_INTEGER
    }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    /// The bytes of a TEXT column, valid until the next step; nil if the value is of another type.
    func text(_ column: Int32) -> UnsafeRawBufferPointer? {
        guard sqlite3_column_type(handle, column) == SQLITE_TEXT else { return nil }
        // Unlike `sqlite3_column_text` this does not copy the value to put a zero after it.
        let start = sqlite3_column_blob(handle, column)
        return UnsafeRawBufferPointer(
            start: start, count: Int(sqlite3_column_bytes(handle, column)))
    }

    /// The bytes of a BLOB column, valid until the next step; nil if the value is of another type.
    func blob(_ column: Int32) -> UnsafeRawBufferPointer? {
        guard sqlite3_column_type(handle, column) == SQLITE_BLOB else { return nil }
        let start = sqlite3_column_blob(handle, column)
        return UnsafeRawBufferPointer(
            start: start, count: Int(sqlite3_column_bytes(handle, column)))
    }

    /// The digest in a BLOB column; nil unless it has 32 bytes.
    func digest(_ column: Int32) -> Digest? { blob(column).flatMap { Digest($0) } }
}
