import EventSourcing
import Foundation

/// The machine's own clock; a sleep ends early when the user wants to stop.
package struct SystemTrainClock: TrainClock {
    package init() {}

    package func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    package func sleep(for duration: Duration) async {
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end, !Interruption.isWanted {
            let left = Int64((end - ContinuousClock.now) / .microseconds(1))
            usleep(UInt32(max(1, min(left, 50_000))))
        }
    }
}
