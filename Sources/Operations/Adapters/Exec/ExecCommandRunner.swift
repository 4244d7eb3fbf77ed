import EventSourcing
import Foundation

/// Runs programs by posix_spawn(3): argv and no shell, in a process group of their own, so that a
/// time-out reaches their children as well. Output goes to unnamed files, not pipes: a service that
/// a deploy script leaves running may keep them, and nobody waits for it.
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
        let mask = SecretMask(command.secrets.compactMap { getenv($0).map { String(cString: $0) } })
        var shown = (output: 0, errors: 0)
        func showNew() {
            guard command.isLive else { return }
            shown.output = show(child.output, from: shown.output, mask)
            shown.errors = show(child.errors, from: shown.errors, mask)
        }
        let deadline = ContinuousClock.now + command.timeout
        var isLate = false
        var end = child.poll()
        while end == nil {
            showNew()
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
        showNew()
        let result: CommandOutcome.End =
            isLate && !Interruption.isWanted && !Task.isCancelled
            ? .timedOut : end ?? .notStarted("it was never seen")
        return CommandOutcome(
            result, output: child.output.kept(command.mostOutput, mask),
            errors: child.errors.kept(command.mostOutput, mask))
    }
}

extension ExecCommandRunner {
    /// Shows whole lines that are new, and returns where the next begin.
    private func show(_ file: OutputFile, from start: Int, _ mask: SecretMask) -> Int {
        let (lines, end) = file.newLines(from: start)
        if !lines.isEmpty { show(mask.masked(lines)[...]) }
        return end
    }
}

/// Leaves the thread to others for a moment; a cancelled task sleeps as well.
private func pause() async {
    if Task.isCancelled { usleep(5000) } else { try? await Task.sleep(for: .milliseconds(5)) }
}

/// What stood in the way of starting a program.
struct SpawnError: Error, CustomStringConvertible {
    let description: String
}
