import Dispatch
import EventSourcing
import Foundation

/// The lock on which the writers of a ledger queue, in all processes. SQLite's own waiting polls,
/// so that one unlucky writer can wait for seconds; here the kernel wakes them one after another.
struct WriterQueue: ~Copyable {
    private let descriptor: Int32

    /// Waits for the lock, `patience` at most.
    ///
    /// - Throws: `busy` after that; `notAllowed` or `inputOutput` if the lock file cannot be made.
    init(_ file: LedgerFile, patience: DispatchTimeInterval) throws(StoreError) {
        let descriptor = open(file.lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            let isDenied = errno == EACCES || errno == EROFS || errno == EPERM
            throw StoreError(
                isDenied ? .notAllowed : .inputOutput,
                "\(file.lockPath) cannot be opened: \(String(cString: strerror(errno)))")
        }
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            try Self.wait(descriptor, patience, file)
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// A thread of its own waits, for `flock` knows no time-out. One that comes too late closes,
    /// and so unlocks.
    private static func wait(
        _ descriptor: Int32, _ patience: DispatchTimeInterval, _ file: LedgerFile
    ) throws(StoreError) {
        let outcome = LockOutcome()
        let thread = Thread {
            while flock(descriptor, LOCK_EX) != 0 && errno == EINTR {}
            if !outcome.arrive() { close(descriptor) }
        }
        thread.start()
        guard outcome.wait(patience) else {
            throw StoreError(
                .busy, "\(file.path) is being written by others; its turn did not come in time")
        }
    }
}

/// Who came first: the lock, or the end of patience.
private final class LockOutcome: Sendable {
    private let lock = NSLock()
    nonisolated(unsafe) private var isSettled = false
    private let arrived = DispatchSemaphore(value: 0)

    /// False if nobody waits any more.
    func arrive() -> Bool {
        lock.lock()
        defer { lock.unlock() }
        guard !isSettled else { return false }
        isSettled = true
        arrived.signal()
        return true
    }

    /// False if the lock has not arrived in time.
    func wait(_ patience: DispatchTimeInterval) -> Bool {
        if arrived.wait(timeout: .now() + patience) == .success { return true }
        lock.lock()
        defer { lock.unlock() }
        let isTooLate = !isSettled
        isSettled = true
        return !isTooLate
    }
}
