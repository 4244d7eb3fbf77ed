import EventSourcing
import Synchronization

/// A clock that stands still until a test moves it, forwards or backwards.
package final class ManualClock: Sendable {
    private let time: Mutex<Timestamp>

    /// 2026-01-31T12:00:00Z.
    package static let start = Timestamp(microseconds: 1_769_860_800_000_000)

    package init(at time: Timestamp = ManualClock.start) { self.time = Mutex(time) }

    package var now: Timestamp { time.withLock { $0 } }

    package func set(_ time: Timestamp) { self.time.withLock { $0 = time } }

    /// Moves the clock; back if the number is negative.
    package func advance(seconds: Int64) {
        time.withLock { $0 = Timestamp(microseconds: $0.microseconds + seconds * 1_000_000) }
    }

    /// The form in which stores take a clock.
    package var reading: @Sendable () -> Timestamp { { self.now } }
}
