import EventSourcing

/// Time: the port. A train asks it for every time that it records or waits for.
package protocol TrainClock: Sendable {
    func now() -> Timestamp
    /// Returns after so long, or earlier when it was told to stop.
    func sleep(for duration: Duration) async
}
