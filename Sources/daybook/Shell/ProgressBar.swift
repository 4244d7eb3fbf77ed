import Foundation

/// Progress on standard error: only on a terminal, only for what takes longer than a second.
struct ProgressBar {
    private let label: String
    private let total: Int?
    private let start = ContinuousClock.now
    private var lastDrawn: ContinuousClock.Instant
    private var isDrawn = false

    /// - Parameter total: Nil if it is not known how much there will be.
    init(_ label: String, total: Int?) {
        self.label = label
        self.total = total
        lastDrawn = start
    }

    mutating func advance(to done: Int) {
        let now = ContinuousClock.now
        guard StandardError.isTerminal, now - start > .seconds(1),
            now - lastDrawn > .milliseconds(100)
        else { return }
        lastDrawn = now
        isDrawn = true
        var line = "\r\(label) \(done)"
        if let total, total > 0 {
            let width = 30
            let filled = min(width, done * width / total)
            let bar =
                String(repeating: "█", count: filled)
                + String(repeating: "░", count: width - filled)
            line = "\r\(label) \(bar) \(done * 100 / total) %"
        }
        StandardError.write(line)
    }

    func finish() {
        if isDrawn { StandardError.write("\r\u{1B}[K") }
    }
}
