import Foundation

/// What a program writes to one of its streams, read as it comes and kept in memory up to a limit.
///
/// A pipe, not a file: `echo … >/dev/stderr` in a script would truncate a file. What is still open
/// when the program has ended, by a service that it left running, is not waited for.
final class OutputPipe {
    /// For the program; closed here once it has started.
    private(set) var writer: Int32
    private let reader: Int32
    private let limit: Int
    private let mask: SecretMask
    private var bytes: [UInt8] = []
    private var omitted = 0
    /// Nobody has it open for writing any more.
    private(set) var isAtEnd = false
    /// The line that is not ended yet, for whoever watches.
    private var line: [UInt8] = []

    init(limit: Int, mask: SecretMask) throws(SpawnError) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw SpawnError("pipe") }
        (reader, writer) = (ends[0], ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(reader, F_SETFL, O_NONBLOCK)
        // Linux's F_SETPIPE_SZ: what does not fit waits for the next look.
        _ = fcntl(reader, 1031, 1 << 20)
        self.limit = limit
        self.mask = mask
    }

    deinit {
        close(reader)
        closeWriter()
    }

    func closeWriter() {
        if writer >= 0 { close(writer) }
        writer = -1
    }

    /// Takes what is there; the whole lines of it that are new, masked.
    @discardableResult
    func collect() -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 1 << 16)
        // As much as fits at most, so that one that never stops writing is not waited for.
        for _ in 0..<16 {
            let count = read(reader, &block, block.count)
            if count == 0 { isAtEnd = true }
            guard count > 0 else { break }
            bytes += block[..<count]
            line += block[..<count]
        }
        if bytes.count > 4 * max(limit, 1 << 20) { compact() }
        guard let end = line.lastIndex(of: 0x0A) else {
            if line.count > 1 << 16 { line = [] }
            return []
        }
        let lines = mask.masked(Array(line[...end]))
        line.removeFirst(end + 1)
        return lines
    }

    /// All of it, masked; of too much, the beginning and the end.
    func kept() -> [UInt8] {
        let whole = mask.masked(bytes)
        guard omitted > 0 || whole.count > limit else { return whole }
        let half = max(0, min(limit, whole.count) / 2 - 64)
        let note = "\n[daybook: \(omitted + whole.count - 2 * half) bytes left out]\n"
        return whole.prefix(half) + Array(note.utf8) + whole.suffix(half)
    }

    /// Leaves the middle out. Masked before, so that no secret is cut in two; one that has only
    /// begun stands at the end, which stays.
    private func compact() {
        let whole = mask.masked(bytes)
        let half = max(limit, 1 << 20) / 2 + 1024
        guard whole.count > 2 * half else { return }
        omitted += whole.count - 2 * half
        bytes = Array(whole.prefix(half) + whole.suffix(half))
    }
}
