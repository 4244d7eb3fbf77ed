import Foundation
import Synchronization

/// That the user wants to stop (INT, TERM): told to whoever waits, which ends in good order.
package enum Interruption {
    private static let time = Atomic<Int64>(0)

    package static var isWanted: Bool { time.load(ordering: .relaxed) != 0 }

    static func isOlder(than duration: Duration) -> Bool {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec) - time.load(ordering: .relaxed) >= duration.components.seconds
    }

    /// From here on the two signals are noted instead of ending the process at once.
    package static func listen() {
        let note: @convention(c) (Int32) -> Void = { _ in
            var now = timespec()
            clock_gettime(CLOCK_MONOTONIC, &now)
            Interruption.time.store(max(1, Int64(now.tv_sec)), ordering: .relaxed)
        }
        signal(SIGINT, note)
        signal(SIGTERM, note)
    }
}
