import BoringDeploy
import EventSourcing
import Foundation
import Synchronization

/// What a ride shows on standard error. On a terminal: what is said and written runs by above the
/// steps, which are drawn anew in their place. Elsewhere: plain lines.
final class TrainView: Sendable {
    private struct Drawing {
        var steps: [TrainStatus.Step] = []
        /// Lines below what runs by.
        var height = 0
    }

    private let drawing = Mutex(Drawing())
    private let start = ContinuousClock.now
    private let isLive =
        StandardError.isTerminal
        && ProcessInfo.processInfo.environment["TERM"].map { $0 != "dumb" } ?? false

    func say(_ sentence: String) {
        let time = Self.time(ContinuousClock.now - start)
        write("\(time)  \(Table.printable(sentence))\n")
    }

    /// Output of a command, in whole lines.
    func show(_ lines: ArraySlice<UInt8>) {
        write(
            String(decoding: lines, as: UTF8.self).split(separator: "\n")
                .map { "    \(Table.printable(String($0)))\n" }.joined())
    }

    func update(_ status: TrainStatus) {
        guard isLive else { return }
        drawing.withLock { drawing in
            drawing.steps = status.steps
            draw(&drawing, above: "")
        }
    }

    /// Lets the time of the step under way run on while something is done.
    func live<Value>(_ body: () async throws -> Value) async rethrows -> Value {
        guard isLive else { return try await body() }
        let ticking = Task { [self] in
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(500))
                drawing.withLock { if $0.height > 0 { draw(&$0, above: "") } }
            }
        }
        defer { ticking.cancel() }
        return try await body()
    }

    /// The steps stay as they are; nothing is drawn after.
    func end() { drawing.withLock { $0.height = 0 } }

    private func write(_ text: String) {
        guard isLive else { return StandardError.write(text) }
        drawing.withLock { draw(&$0, above: text) }
    }

    private func draw(_ drawing: inout Drawing, above text: String) {
        let (columns, rows) = Self.size
        let now = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
        let lines = Self.visible(drawing.steps, rows: max(1, rows - 4)).map { step in
            let took = step.took(until: now).map { "  \($0)" } ?? ""
            let reason = step.state == "passed" || step.reason.isEmpty ? "" : "  \(step.reason)"
            let line = Table.printable("\(step.mark) \(step.name)\(took)\(reason)")
            return String(line.prefix(columns - 1))
        }
        let up = drawing.height > 0 ? "\u{1B}[\(drawing.height)A\r\u{1B}[J" : ""
        let ruled =
            lines.isEmpty ? [] : [String(repeating: "─", count: min(columns - 1, 40))] + lines
        StandardError.write(up + text + ruled.map { $0 + "\n" }.joined())
        drawing.height = ruled.count
    }

    /// As many as fit, around the first that has not passed.
    private static func visible(_ steps: [TrainStatus.Step], rows: Int) -> [TrainStatus.Step] {
        guard steps.count > rows else { return steps }
        let current = steps.firstIndex { $0.state != "passed" } ?? steps.count - 1
        let first = max(0, min(current - rows / 2, steps.count - rows))
        return Array(steps[first..<(first + rows)])
    }

    private static var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 1, size.ws_row > 1
        else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// As `  2:07`.
    static func time(_ duration: Duration) -> String {
        let seconds = Int(duration / .seconds(1))
        return String(format: "%3d:%02d", seconds / 60, seconds % 60)
    }
}

extension TrainStatus.Step {
    var mark: String {
        switch state {
        case "passed": "✓"
        case "waiting": "·"
        case "under way": "▸"
        case "inconclusive": "?"
        default: "✗"
        }
    }

    /// How long it took; nil while it is under way.
    var took: String? { ended.flatMap { took(until: $0) } }

    func took(until now: Timestamp) -> String? {
        guard let began else { return nil }
        let time = TrainView.time(max(.zero, (ended ?? now) - began))
        return String(time.drop { $0 == " " })
    }
}
