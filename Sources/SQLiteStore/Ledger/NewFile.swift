import EventSourcing
import Foundation

/// Makes a file whole or not at all, and never in place of another.
enum NewFile {
    /// - Parameter fill: Writes the file under a temporary name in the same folder.
    /// - Throws: `cannotCreate` if something stands at the path; what `fill` throws.
    static func make(
        at path: String, _ fill: (_ draft: String) throws(StoreError) -> Void
    ) throws(StoreError) {
        let taken = StoreError(.cannotCreate, "\(path) is there already; it is never overwritten")
        guard access(path, F_OK) != 0 else { throw taken }
        let folder = (path as NSString).deletingLastPathComponent
        guard access(folder.isEmpty ? "." : folder, W_OK | X_OK) == 0 else {
            throw StoreError(
                .cannotCreate, "\(path) cannot be made: \(String(cString: strerror(errno)))")
        }
        // SQLite would take a log that is left there for the new file's own.
        guard LedgerFile(path).logSize == 0 else {
            throw StoreError(
                .cannotCreate,
                "\(path)-wal is left from a ledger that stood here, and may hold entries of it; "
                    + "move it away first")
        }
        let draft = "\(path).\(getpid()).new"
        defer {
            for suffix in ["", "-wal", "-shm", "-journal", "-lock"] { unlink(draft + suffix) }
        }
        try fill(draft)
        try sync(draft)
        // A link, unlike a rename, fails if someone was faster.
        guard link(draft, path) == 0 else {
            guard errno != EEXIST else { throw taken }
            throw StoreError(
                .inputOutput, "\(path) cannot be made: \(String(cString: strerror(errno)))")
        }
        do throws(StoreError) {
            try sync(folder)
        } catch {
            unlink(path)
            throw error
        }
    }

    private static func sync(_ path: String) throws(StoreError) {
        let descriptor = open(path.isEmpty ? "." : path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Self.failure(path) }
    }

    private static func failure(_ path: String) -> StoreError {
        StoreError(
            .inputOutput, "\(path) cannot be written safely: \(String(cString: strerror(errno)))")
    }
}
