import EventSourcing
import Testing

@testable import BoringDeploy

@Suite("Freeze windows")
struct FreezeTests {
    @Test(
        "a freeze begins and ends by the clocks of its zone, days as the end included",
        arguments: [
            (
                "2026-12-20", "2027-01-04", "Europe/Rome", "2026-12-19T23:00:00Z",
                "2027-01-04T23:00:00Z"
            ),
            ("2026-12-20", "2026-12-20", "UTC", "2026-12-20T00:00:00Z", "2026-12-21T00:00:00Z"),
            // Clocks go forward on 2026-03-29: the day has 23 hours.
            (
                "2026-03-29", "2026-03-29", "Europe/Rome", "2026-03-28T23:00:00Z",
                "2026-03-29T22:00:00Z"
            ),
            (
                "2026-10-25", "2026-10-25", "Europe/Rome", "2026-10-24T22:00:00Z",
                "2026-10-25T23:00:00Z"
            ),
            (
                "2026-06-01T18:00", "2026-06-02T08:30", "America/New_York", "2026-06-01T22:00:00Z",
                "2026-06-02T12:30:00Z"
            ),
            (
                "2026-06-01", "2026-06-01", "Asia/Kolkata", "2026-05-31T18:30:00Z",
                "2026-06-01T18:30:00Z"
            ),
        ])
    func windows(from: String, to: String, zone: String, start: String, end: String) throws {
        let window = try #require(Freeze(from: from, to: to, zone: zone).window)
        #expect(window.start == Timestamp(rfc3339: start))
        #expect(window.end == Timestamp(rfc3339: end))
    }

    @Test(
        "what cannot be read is no window",
        arguments: [
            ("2026-02-30", "2026-03-01", "UTC"), ("2026-01-02", "2026-01-01", "UTC"),
            ("2026-01-01", "2026-01-02", "Mars/Olympus"), ("soon", "later", "UTC"), ("", "", ""),
        ])
    func bad(from: String, to: String, zone: String) {
        #expect(Freeze(from: from, to: to, zone: zone).window == nil)
    }
}
