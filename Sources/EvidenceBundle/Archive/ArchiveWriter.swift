import CMiniZip
import Glibc

/// Writes the files of a bundle as a ZIP file, through zlib's minizip: the same files give the same
/// bytes, whenever and by whomever they are written.
package enum ArchiveWriter {
    /// - Parameters:
    ///   - files: By their paths, which are written in byte order.
    ///   - path: Of a file that is made, or replaced.
    package static func write(
        _ files: [String: [UInt8]], to path: String
    ) throws(ArchiveError) {
        try check(files)
        guard let archive = zipOpen64(path, APPEND_STATUS_CREATE) else {
            throw ArchiveError("\(path) cannot be made: \(reason(errno))")
        }
        var isWritten = true
        errno = 0
        let names = files.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for name in names where isWritten {
            isWritten = write(files[name] ?? [], named: name, to: archive)
        }
        let failure = errno
        // Closed in any case: it writes the directory, and frees the handle.
        let isClosed = zipClose(archive, nil) == ZIP_OK
        guard isWritten, isClosed else {
            throw ArchiveError("it cannot be written: \(reason(isWritten ? errno : failure))")
        }
    }

    /// What the system says, which minizip does not pass on.
    private static func reason(_ code: Int32) -> String {
        code == 0 ? "the disk may be full" : String(cString: strerror(code))
    }

    private static func check(_ files: [String: [UInt8]]) throws(ArchiveError) {
        guard files.count <= ArchiveLimits.members else {
            throw ArchiveError("the bundle would have \(files.count) files, more than 65,535")
        }
        for (name, bytes) in files {
            if let fault = ArchiveLimits.fault(ofName: name) { throw ArchiveError(fault) }
            if let fault = ArchiveLimits.fault(ofSize: bytes.count, of: name) {
                throw ArchiveError(fault)
            }
        }
        guard files.values.reduce(0, { $0 + $1.count }) <= ArchiveLimits.total else {
            throw ArchiveError("the bundle would have more than 1 GiB")
        }
    }

    private static func write(_ bytes: [UInt8], named name: String, to archive: zipFile) -> Bool {
        var info = zip_fileinfo()
        info.dosDate = firstDate
        info.external_fa = mode
        let opened = zipOpenNewFileInZip4(
            archive, name, &info, nil, 0, nil, 0, nil, Z_DEFLATED, 6, 0, -MAX_WBITS,
            DEF_MEM_LEVEL, Z_DEFAULT_STRATEGY, nil, 0, madeByUnix, 0)
        guard opened == ZIP_OK else { return false }
        var from = 0
        var isWritten = true
        while isWritten, from < bytes.count {
            let count = min(bytes.count - from, 1 << 20)
            isWritten = bytes[from..<(from + count)].withUnsafeBytes {
                zipWriteInFileInZip(archive, $0.baseAddress, UInt32(count)) == ZIP_OK
            }
            from += count
        }
        return zipCloseFileInZip(archive) == ZIP_OK && isWritten
    }

    /// 1980-01-01 00:00, the first that the format can say.
    private static let firstDate: UInt = 1 << 21 | 1 << 16
    /// A regular file that all may read, in the upper 16 bits.
    private static let mode: UInt = 0o100644 << 16
    private static let madeByUnix: UInt = 3 << 8 | 20
    private static let DEF_MEM_LEVEL: Int32 = 8
}
