import EventSourcing
import Foundation
import GRDB

extension StoreError {
    /// A failure of SQLite in our words.
    init(_ error: DatabaseError, file: String) {
        let said = error.message ?? error.resultCode.description
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.busy, "\(file) is held by another process; try again")
        case .SQLITE_FULL:
            self.init(.inputOutput, "\(file): the disk is full; nothing of the append was kept")
        // SQLite falls back to reading when opening for writing fails, whatever the reason.
        case .SQLITE_READONLY where Self.mayWrite(beside: file):
            self.init(
                .inputOutput,
                "\(file) or a file beside it cannot be opened for writing (\(said)); is the disk full?"
            )
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(.notAllowed, "\(file) or its folder is read-only (\(said))")
        case .SQLITE_NOTADB:
            self.init(.unreadable, "\(file) is not a Daybook ledger (\(said))")
        case .SQLITE_CORRUPT, .SQLITE_ERROR, .SQLITE_MISMATCH, .SQLITE_FORMAT:
            self.init(.damaged, "\(file) is damaged (\(said)); run daybook verify")
        case .SQLITE_CANTOPEN:
            self.init(.inputOutput, "\(file) or a file beside it cannot be opened (\(said))")
        default: self.init(.inputOutput, "\(file): \(said) (SQLite \(error.extendedResultCode))")
        }
    }

    private static func mayWrite(beside file: String) -> Bool {
        let folder = (file as NSString).deletingLastPathComponent
        return access(file, W_OK) == 0 && access(folder.isEmpty ? "." : folder, W_OK) == 0
    }

    /// Runs a body and gives every failure as a `StoreError`.
    static func wrapping<Value>(
        file: String, _ body: () throws -> Value
    ) throws(StoreError) -> Value {
        do {
            return try body()
        } catch {
            throw StoreError(any: error, file: file)
        }
    }

    init(any error: any Error, file: String) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError: self.init(error, file: file)
        default: self.init(.damaged, "\(file): \(error)")
        }
    }
}
