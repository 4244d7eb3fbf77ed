import Foundation
import LedgerCore

/// Files that commands read and write, with errors that name them.
enum Files {
    /// At most so many bytes are read of anything but attachments and batches.
    static let largest = 16 << 20

    static func read(_ path: String, atMost limit: Int = largest) throws -> [UInt8] {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, "cannot be read") }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw failure(path, "cannot be read")
            }
            bytes.append(contentsOf: buffer[..<count])
            guard bytes.count <= limit else {
                throw Failure(.badInput, "\(name(path)) has more than \(limit) bytes")
            }
        }
    }

    /// Makes a new file, durably and whole or not at all; fails if it is there.
    static func create(_ path: String, _ bytes: [UInt8], mode: mode_t) throws {
        let taken = Failure(.cannotCreate, "\(path) is there already; it is never overwritten")
        guard access(path, F_OK) != 0 else { throw taken }
        let draft = "\(path).\(getpid()).new"
        defer { unlink(draft) }
        try write(bytes, toNew: draft, mode: mode)
        // A link, unlike a rename, fails if someone was faster.
        guard link(draft, path) == 0 else {
            guard errno != EEXIST else { throw taken }
            throw cannotMake(path)
        }
    }

    private static func write(_ bytes: [UInt8], toNew path: String, mode: mode_t) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw cannotMake(path) }
        defer { close(descriptor) }
        do {
            try write(bytes, to: descriptor, path)
        } catch {
            unlink(path)
            throw error
        }
    }

    private static func cannotMake(_ path: String) -> Failure {
        Failure(.cannotCreate, "\(path) cannot be made: \(String(cString: strerror(errno)))")
    }

    private static func write(
        _ bytes: [UInt8], to descriptor: Int32, _ path: String, isSynced: Bool = true
    ) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            guard count >= 0 else {
                if errno == EINTR { continue }
                throw failure(path, "cannot be written")
            }
            rest = rest.dropFirst(count)
        }
        guard !isSynced || fsync(descriptor) == 0 else { throw failure(path, "cannot be written") }
    }

    /// Writes to a pipe or a device.
    static func append(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, "cannot be written") }
        defer { close(descriptor) }
        try write(bytes, to: descriptor, path, isSynced: false)
    }

    /// Where a link leads.
    static func resolved(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// A file that takes its name only when it is whole.
    struct Replacement {
        private let path: String
        private let draft: String

        /// Fails now rather than after the work, if the folder cannot be written.
        init(_ path: String) throws {
            self.path = path
            draft = "\(path).\(getpid()).new"
            try Files.write([], toNew: draft, mode: 0o666)
        }

        func finish(_ bytes: [UInt8]) throws {
            let descriptor = open(draft, O_WRONLY | O_TRUNC | O_CLOEXEC)
            guard descriptor >= 0 else { throw Files.failure(path, "cannot be written") }
            defer { close(descriptor) }
            try Files.write(bytes, to: descriptor, path)
            guard rename(draft, path) == 0 else { throw Files.failure(path, "cannot be written") }
        }

        func abandon() { unlink(draft) }
    }

    static func name(_ path: String) -> String { path == "-" ? "standard input" : path }

    static func failure(_ path: String, _ what: String) -> Failure {
        let code: Failure.Code =
            switch errno {
            case ENOENT, ENOTDIR: .noInput
            case EISDIR: .badInput
            case EACCES, EPERM, EROFS: .notAllowed
            default: .inputOutput
            }
        return Failure(code, "\(name(path)) \(what): \(String(cString: strerror(errno)))")
    }
}

/// The file of a signing key: PKCS#8 PEM, for its owner's eyes only.
enum SigningKeyFile {
    static func read(_ path: String) throws -> SigningKey {
        let pem: [UInt8]
        do {
            pem = try Files.read(path)
        } catch let failure as Failure where failure.code == .noInput {
            throw Failure(
                .noInput, "there is no signing key at \(path); name it with --key or DAYBOOK_KEY")
        }
        warnIfReadable(path)
        do {
            return try SigningKey(pem: pem)
        } catch {
            throw Failure(.badInput, "\(path): \(error)")
        }
    }

    static func create(_ path: String, _ key: SigningKey) throws {
        try Files.create(path, key.pem(), mode: 0o600)
    }

    private static func warnIfReadable(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & 0o077 != 0 else { return }
        StandardError.write(
            "daybook: warning: \(path) can be read by others; run: chmod 600 \(path)\n")
    }
}
