import EventSourcing
import Foundation
import GRDB
import LedgerCore

/// A ledger's path, and what stands beside it. docs/spec/ledger-file.md.
package struct LedgerFile: Sendable {
    /// As it was named, for messages.
    package let path: String
    /// As SQLite is given it: links resolved, as SQLite does for the files beside it, and never a
    /// name that SQLite takes for something else, as `:memory:` or `file:…`.
    let realPath: String

    package init(_ path: String) {
        self.path = path
        if let resolved = realpath(path, nil) {
            realPath = String(cString: resolved)
            free(resolved)
        } else {
            realPath = path.hasPrefix("/") ? path : "./" + path
        }
    }

    /// `DYBK`, in the header of the SQLite file.
    static let applicationID: Int64 = 0x4459_424B
    static let formatVersion: Int64 = 1

    /// The SQL that makes a ledger: schema/ledger/0001-ledger.sql, as it stood at build time.
    static var schema: String { String(decoding: PackageResources._001_ledger_sql, as: UTF8.self) }

    /// Where writers queue.
    var lockPath: String { realPath + "-lock" }

    /// SQLite's write-ahead log.
    var logPath: String { realPath + "-wal" }

    /// Where read models are kept; anyone may delete it.
    package var readModelsPath: String { realPath + "-models" }

    /// Where `init` keeps the signing key unless told otherwise: `evidence.key` for `evidence.db`.
    package var defaultKeyPath: String {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let name = slash.map { path.utf8.index(after: $0) } ?? path.startIndex
        // A dot at the beginning of a name hides it; it starts no extension.
        let dot = path.utf8[name...].dropFirst().lastIndex(of: UInt8(ascii: "."))
        let key = path[..<(dot ?? path.endIndex)] + ".key"
        return key == path ? path + ".key" : String(key)
    }

    package var exists: Bool { FileManager.default.fileExists(atPath: path) }

    func checkExists() throws(StoreError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT || errno == ENOTDIR else {
                throw StoreError(
                    .inputOutput, "\(path) cannot be read: \(String(cString: strerror(errno)))")
            }
            throw StoreError(
                .noSuchLedger,
                "there is no ledger at \(path); make one with: "
                    + "daybook init --ledger \(path) --origin …")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError(.unreadable, "\(path) is not a file, and so no ledger")
        }
    }

    /// Throws unless the file says that it is a ledger of a format that this program knows.
    func checkHeader(_ database: Database) throws {
        let application = try Int64.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        guard application == Self.applicationID else {
            throw StoreError(.unreadable, "\(path) is not a Daybook ledger")
        }
        let version = try Int64.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard version <= Self.formatVersion else {
            throw StoreError(
                .newerFormat,
                "\(path) has ledger format \(version); this daybook knows formats up to "
                    + "\(Self.formatVersion). Use a newer daybook.")
        }
        guard version == Self.formatVersion else {
            throw StoreError(.unreadable, "\(path) has ledger format \(version), which never was")
        }
        let encoding = try String.fetchOne(database, sql: "PRAGMA encoding") ?? ""
        guard encoding == "UTF-8" else {
            throw StoreError(.unreadable, "\(path) keeps text in \(encoding); a ledger is in UTF-8")
        }
    }

    /// How SQLite opens it for reading. On media that nobody can write, a log-less file is opened
    /// as immutable, for SQLite could not make the files beside it that it shares between
    /// processes.
    func openForReading() throws(StoreError) -> DatabaseQueue {
        try checkExists()
        return try StoreError.wrapping(file: path) {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(10)
            do {
                return try DatabaseQueue(path: realPath, configuration: configuration)
            } catch let error as DatabaseError
                where error.resultCode == .SQLITE_CANTOPEN || error.resultCode == .SQLITE_READONLY
            {
                guard logSize == 0 else {
                    throw StoreError(
                        .inputOutput,
                        "\(logPath) holds entries that cannot be read on read-only media; copy both "
                            + "files to where you may write, or use daybook backup at the source")
                }
                return try DatabaseQueue(path: immutableURI, configuration: configuration)
            }
        }
    }

    private var immutableURI: String {
        let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "/._-"))
        let escaped = realPath.addingPercentEncoding(withAllowedCharacters: allowed) ?? realPath
        return "file:\(escaped)?immutable=1"
    }

    /// How SQLite opens it for appending: durable on commit, the log kept on close.
    func openForWriting() throws(StoreError) -> DatabaseQueue {
        try StoreError.wrapping(file: path) {
            var configuration = Configuration()
            configuration.busyMode = .timeout(30)
            configuration.prepareDatabase { database in
                database.keepLogOnClose()
                try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA cache_size = -32768")
            }
            return try DatabaseQueue(path: realPath, configuration: configuration)
        }
    }
}

extension LedgerFile {
    /// In bytes; 0 if there is no log.
    var logSize: Int {
        var status = stat()
        return stat(logPath, &status) == 0 ? Int(status.st_size) : 0
    }
}
