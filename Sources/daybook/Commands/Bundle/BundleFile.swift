import EvidenceBundle
import Foundation

/// Writes a bundle under another name first, so that there is a whole file or none.
enum BundleFile {
    static func checkFree(_ path: String) throws {
        guard access(path, F_OK) != 0 else {
            throw Failure(.cannotCreate, "\(path) is there already; it is never overwritten")
        }
    }

    static func write(_ files: [String: [UInt8]], to path: String) throws {
        try checkFree(path)
        let draft = "\(path).\(getpid()).new"
        defer { unlink(draft) }
        do throws(ArchiveError) {
            try ArchiveWriter.write(files, to: draft)
        } catch {
            throw Failure(.cannotCreate, "\(path): \(error)")
        }
        try sync(draft)
        guard link(draft, path) == 0 else {
            throw Failure(
                .cannotCreate, "\(path) cannot be made: \(String(cString: strerror(errno)))")
        }
    }

    private static func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Files.failure(path, "cannot be read") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Files.failure(path, "cannot be written") }
    }
}
