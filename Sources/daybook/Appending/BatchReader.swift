import EventSourcing
import Foundation
import LedgerCore

/// Reads JSON Lines of CloudEvents, a chunk at a time. Empty lines are passed over.
struct BatchReader: Sendable {
    struct Chunk: Sendable {
        var drafts: [EventDraft] = []
        /// The line of each draft, counted from 1.
        var lines: [Int] = []
    }

    /// Canonical events have 60 KiB at most; escapes and white space may make a line longer, but
    /// not endlessly so.
    static let longestLine = 1 << 20

    /// The size of the file; nil for a pipe.
    let totalBytes: Int?
    private(set) var bytesRead = 0

    private let path: String
    private let descriptor: Int32
    private let chunk: Int
    private var buffer: [UInt8] = []
    private var start = 0
    private var line = 0
    private var isAtEnd = false

    init(path: String, chunk: Int) throws {
        self.path = path
        self.chunk = chunk
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Files.failure(path, "cannot be read")
        }
        var status = stat()
        totalBytes =
            fstat(descriptor, &status) == 0 && status.st_size > 0 ? Int(status.st_size) : nil
    }

    /// The next events; nil at the end.
    mutating func nextChunk() throws -> Chunk? {
        var result = Chunk()
        while result.drafts.count < chunk, let range = try nextLine() {
            let bytes = buffer[range]
            guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else {
                continue
            }
            do {
                let value = try bytes.withUnsafeBufferPointer { buffer throws in
                    try StrictJSONParser.parse(buffer)
                }
                result.drafts.append(try EventDraft(CloudEvent(value)))
                result.lines.append(line)
            } catch {
                let unrecorded = result.lines.first.map {
                    " (nothing from line \($0) on is recorded)"
                }
                throw Failure(
                    .badInput, "\(Files.name(path)):\(line): \(error)\(unrecorded ?? "")")
            }
        }
        return result.drafts.isEmpty ? nil : result
    }

    /// The bytes of the next line in the buffer; nil at the end.
    private mutating func nextLine() throws -> Range<Int>? {
        var searched = start
        while true {
            let found = buffer[searched...].withUnsafeBytes { bytes -> Int? in
                guard let base = bytes.baseAddress else { return nil }
                return memchr(base, 0x0A, bytes.count).map { UnsafeRawPointer($0) - base }
            }
            if let found {
                try checkLength(searched + found - start)
                line += 1
                let range = start..<(searched + found)
                start = searched + found + 1
                return range
            }
            guard !isAtEnd else {
                try checkLength(buffer.count - start)
                guard start < buffer.count else { return nil }
                line += 1
                defer { start = buffer.count }
                return start..<buffer.count
            }
            try checkLength(buffer.count - start)
            buffer.removeFirst(start)
            start = 0
            searched = buffer.count
            try fill()
        }
    }

    private func checkLength(_ bytes: Int) throws {
        guard bytes <= Self.longestLine else {
            throw Failure(
                .badInput,
                "\(Files.name(path)):\(line + 1): the line has more than \(Self.longestLine) bytes; "
                    + "attach what is large and name its digest")
        }
    }

    private mutating func fill() throws {
        var block = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = read(descriptor, &block, block.count)
            guard count >= 0 else {
                if errno == EINTR { continue }
                throw Failure(
                    .inputOutput, "\(Files.name(path)): \(String(cString: strerror(errno)))")
            }
            if count == 0 { isAtEnd = true }
            bytesRead += count
            buffer.append(contentsOf: block[..<count])
            return
        }
    }
}
