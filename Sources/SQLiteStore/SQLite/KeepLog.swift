import GRDB
import GRDBSQLite

extension Database {
    /// Leaves the write-ahead log in place when the last connection closes: deleting it would cost
    /// two syncs at every append.
    func keepLogOnClose() {
        var isOn: Int32 = 1
        sqlite3_file_control(sqliteConnection, "main", SQLITE_FCNTL_PERSIST_WAL, &isOn)
    }
}
