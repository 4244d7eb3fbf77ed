import EventSourcing
import Foundation

/// Makes a file whole or not at all, and never in place of another.
enum NewFile {
    /// - Parameter fill: Writes the file under a temporary name in the same folder.
    /// - Throws: `alreadyExists` if something stands at the path; what `fill` throws.
    static func make(
        at path: String, _ fill: (_ draft: String) throws(StoreError) -> Void
    ) throws(StoreError) {
        let taken = StoreError(.alreadyExists, "\(path) is there already; it is never overwritten")
        guard access(path, F_OK) != 0 else { throw taken }
        let draft = "\(path).\(getpid()).new"
        defer {
            for suffix in ["", "-wal", "-shm", "-journal", "-lock"] { unlink(draft + suffix) }
        }
        try fill(draft)
        sync(draft)
        // A link, unlike a rename, fails if someone was faster.
        guard link(draft, path) == 0 else {
            guard errno != EEXIST else { throw taken }
            throw StoreError(
                .inputOutput, "\(path) cannot be made: \(String(cString: strerror(errno)))")
        }
        sync((path as NSString).deletingLastPathComponent)
    }

    private static func sync(_ path: String) {
        let descriptor = open(path.isEmpty ? "." : path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
