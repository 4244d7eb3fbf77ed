import EventSourcing
import Foundation

/// Runs programs by posix_spawn(3): argv and no shell, in a process group of their own, so that a
/// time-out reaches their children as well.
package struct ExecCommandRunner: CommandRunner {
    /// Told output as it comes, already masked.
    private let show: @Sendable (ArraySlice<UInt8>) -> Void

    package init(show: @escaping @Sendable (ArraySlice<UInt8>) -> Void = { _ in }) {
        self.show = show
    }

    package func run(_ command: Command) async -> CommandOutcome {
        do throws(SpawnError) {
            let child = try ChildProcess(command)
            return await wait(for: child, command)
        } catch {
            return CommandOutcome(.notStarted(error.description))
        }
    }

    private func wait(
        for child: borrowing ChildProcess, _ command: Command
    ) async -> CommandOutcome {
        func collect() {
            for stream in [child.output, child.errors] {
                let lines = stream.collect()
                if command.isLive, !lines.isEmpty { show(lines[...]) }
            }
        }
        let deadline = ContinuousClock.now + command.timeout
        var isLate = false
        var end = child.poll()
        while end == nil {
            collect()
            if !isLate, ContinuousClock.now >= deadline || Interruption.isWanted || Task.isCancelled
            {
                isLate = true
                child.signal(SIGTERM)
            } else if isLate,
                ContinuousClock.now >= deadline + command.grace
                    || Interruption.isWanted && Interruption.isOlder(than: command.grace)
            {
                child.signal(SIGKILL)
            }
            await pause()
            end = child.poll()
        }
        // What the group has left behind in time-out must not go on.
        if isLate { child.signal(SIGKILL) }
        // The last words of a `tee` may come after the end; a service that was left running is not
        // waited for.
        let lastWords = ContinuousClock.now + .milliseconds(200)
        collect()
        while !(child.output.isAtEnd && child.errors.isAtEnd), ContinuousClock.now < lastWords {
            await pause()
            collect()
        }
        let result: CommandOutcome.End =
            isLate && !Interruption.isWanted && !Task.isCancelled
            ? .timedOut : end ?? .notStarted("it was never seen")
        return CommandOutcome(
            result, output: child.output.kept(), errors: child.errors.kept())
    }
}

/// Leaves the thread to others for a moment; a cancelled task sleeps as well.
private func pause() async {
    if Task.isCancelled { usleep(5000) } else { try? await Task.sleep(for: .milliseconds(5)) }
}

/// What stood in the way of starting a program.
struct SpawnError: Error, CustomStringConvertible {
    let description: String

    init(description: String) { self.description = description }

    /// What the system said of it.
    init(_ what: String, _ fault: Int32 = errno) {
        description = "\(what): \(String(cString: strerror(fault)))"
    }
}
