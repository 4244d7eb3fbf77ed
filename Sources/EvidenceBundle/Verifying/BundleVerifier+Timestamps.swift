import EventSourcing
import LedgerCore

extension BundleVerifier {
    /// Time stamps cannot be told from others here, so they are named as unchecked.
    mutating func checkTimestamps() {
        let type = EventType("dev.daybook.checkpoint.timestamped.v1")
        let count = entries.values.count { $0.event.type == type }
        guard count > 0 else { return }
        leaveUnchecked("\(count) time stamps: openssl ts -verify checks them (VERIFY.md)")
    }
}
