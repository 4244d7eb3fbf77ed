import Foundation
import Synchronization

/// Runs programs with posix_spawn, each in a process group of its own.
package struct SpawningRunner: CommandRunner {
    package init() {}

    package func run(_ command: Command) async -> CommandOutcome {
        let child = Child(command)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async { continuation.resume(returning: child.run()) }
            }
        } onCancel: {
            child.cancel()
        }
    }
}

/// One program, from its start to its end.
private final class Child: Sendable {
    private let command: Command
    private let isCancelled = Mutex(false)

    init(_ command: Command) { self.command = command }

    func cancel() { isCancelled.withLock { $0 = true } }

    func run() -> CommandOutcome {
        guard let name = command.argv.first else {
            return CommandOutcome(.notStarted("no command is given"))
        }
        guard let input = tmpfile(), let output = tmpfile(), let errors = tmpfile() else {
            return CommandOutcome(.notStarted(String(cString: strerror(errno))))
        }
        defer { for file in [input, output, errors] { fclose(file) } }
        _ = command.input.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, input) }
        rewind(input)
        var pid: pid_t = 0
        let code = spawn([fileno(input), fileno(output), fileno(errors)], &pid)
        guard code == 0 else {
            return CommandOutcome(.notStarted("\(name): \(String(cString: strerror(code)))"))
        }
        let end = wait(for: pid)
        return CommandOutcome(end, output: Self.content(output), errors: Self.content(errors))
    }

    private func spawn(_ streams: [Int32], _ pid: inout pid_t) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (target, stream) in streams.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, stream, Int32(target))
        }
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGDEF))
        let variables = ProcessInfo.processInfo.environment
            .merging(command.variables) { _, new in new }
        // posix_spawn knows no working directory here; env(1) does.
        let argv = command.folder.map { ["env", "-C", $0] + command.argv } ?? command.argv
        var arguments = argv.map { strdup($0) } + [nil]
        var environment = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + environment { free(text) } }
        return posix_spawnp(&pid, argv[0], &actions, &attributes, &arguments, &environment)
    }

    private func wait(for pid: pid_t) -> CommandOutcome.End {
        let clock = ContinuousClock()
        let deadline = clock.now + command.timeout
        var killing: ContinuousClock.Instant?
        var status: Int32 = 0
        while waitpid(pid, &status, WNOHANG) == 0 {
            if let killing {
                if clock.now > killing { kill(-pid, SIGKILL) }
            } else if clock.now > deadline || isCancelled.withLock({ $0 }) {
                kill(-pid, SIGTERM)
                killing = clock.now + command.grace
            }
            usleep(2000)
        }
        if killing != nil, !isCancelled.withLock({ $0 }) { return .timedOut }
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    }

    /// At most `mostOutput` bytes: the first and the last half of more.
    private static func content(_ file: UnsafeMutablePointer<FILE>) -> [UInt8] {
        let descriptor = fileno(file)
        let size = Int(lseek(descriptor, 0, SEEK_END))
        let most = CommandOutcome.mostOutput
        guard size > most else { return read(descriptor, from: 0, size) }
        let left = Array("\n… \(size - most) bytes are left out …\n".utf8)
        let half = (most - left.count) / 2
        return read(descriptor, from: 0, half) + left + read(descriptor, from: size - half, half)
    }

    private static func read(_ descriptor: Int32, from start: Int, _ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: max(count, 0)) { buffer, filled in
            filled = max(0, pread(descriptor, buffer.baseAddress, count, off_t(start)))
        }
    }
}
