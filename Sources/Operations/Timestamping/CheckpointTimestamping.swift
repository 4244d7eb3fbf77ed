import EventSourcing
import LedgerCore

/// Has the newest checkpoint stamped, and keeps it with its time stamp in the ledger.
package struct CheckpointTimestamping: Sendable {
    private let log: any EventStore
    private let authority: TimestampAuthority
    /// Whose signature is demanded; nil to take what the authority says unseen.
    private let trusted: TimestampAuthorities?

    package init(
        log: any EventStore, authority: TimestampAuthority, trusted: TimestampAuthorities?
    ) {
        self.log = log
        self.authority = authority
        self.trusted = trusted
    }

    private static let mostSecondsApart: Int64 = 24 * 3600

    /// The checkpoint that was stamped, and where the ledger says so.
    package struct Stamped: Sendable {
        package let note: SignedNote
        package let stamp: CheckpointTimestamped
        package let receipt: Receipt
    }

    package func run(at now: Timestamp) async throws -> Stamped {
        let note = try await log.checkpoint()
        let bytes = Array(note.description.utf8)
        let response = try await authority.answer(TimestampRequest(of: bytes))
        if let trusted, !response.verifies(bytes, by: trusted) {
            throw TimestampError(
                .refused,
                "\(authority.url): no authority of --timestamp-ca has signed its answer; nothing was recorded"
            )
        }
        let stamp = try CheckpointTimestamped(bytes, response: response, authority: authority.url)
        // Nobody vouches for it, and it would be recorded for ever.
        let apart = abs(stamp.time.microseconds - now.microseconds) / 1_000_000
        guard trusted != nil || apart <= Self.mostSecondsApart else {
            throw TimestampError(
                .refused,
                "\(authority.url): its time is \(stamp.time), and here it is \(now); nothing was recorded. If "
                    + "the authority is right, give its certificates with --timestamp-ca")
        }
        let draft = try await stamp.draft(origin: log.head().origin, at: now)
        let receipts = try await log.append(
            [draft], expecting: .any, attaching: [Attachment(bytes), Attachment(response.der)])
        guard let receipt = receipts.first else {
            throw StoreError(.damaged, "the append gave no receipt")
        }
        return Stamped(note: note, stamp: stamp, receipt: receipt)
    }
}
