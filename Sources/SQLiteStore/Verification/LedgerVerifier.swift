import EventSourcing
import Foundation
import GRDB
import LedgerCore

/// Verifies a whole ledger file, on all cores, in memory that does not grow with it.
/// docs/spec/verification.md.
package struct LedgerVerifier {
    private let file: LedgerFile
    private let trust: Trust
    private let isQuick: Bool
    private let workers: Int

    package init(
        _ file: LedgerFile, trust: Trust = Trust(), isQuick: Bool = false,
        workers: Int = ProcessInfo.processInfo.activeProcessorCount
    ) {
        self.file = file
        self.trust = trust
        self.isQuick = isQuick
        self.workers = workers
    }

    /// - Parameter progress: Told how many of how many entries are done.
    /// - Throws: `noSuchLedger`, `newerFormat`, `busy`, `notAllowed`, `inputOutput`. What is wrong
    ///   with the ledger itself is no error but a finding.
    package func run(
        progress: (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) throws(StoreError) -> VerificationReport {
        try file.checkExists()
        var report = VerificationReport()
        report.checked = [.file]
        do {
            let connections = try ConnectionPool(file, count: workers)
            try connections.use(file.checkHeader)
            var run = VerificationRun(connections, trust: trust, isQuick: isQuick, workers: workers)
            run.verify(progress)
            report = run.report
            report.checked = (isQuick ? Self.quickKinds : Self.allKinds) + trust.kinds
        } catch {
            let error = StoreError(any: error, file: file.path)
            switch error.code {
            case .unreadable, .damaged, .badInput:
                report.findings.append(Finding(.file, at: nil, error.description))
            default: throw error
            }
        }
        report.sayWhatIsOpen(trust, isQuick: isQuick)
        return report
    }

    private static let quickKinds: [Finding.Kind] = [
        .file, .schema, .storage, .position, .hash, .created, .subtree, .checkpoint,
    ]

    private static let allKinds: [Finding.Kind] = [
        .file, .schema, .storage, .position, .hash, .canonical, .event, .created, .time, .stream,
        .key, .index, .subtree, .checkpoint, .attachment, .seal,
    ]
}

extension Trust {
    fileprivate var kinds: [Finding.Kind] {
        (key == nil ? [] : [.trustedKey]) + (checkpoints.isEmpty ? [] : [.trustedCheckpoint])
            + (receipts.isEmpty ? [] : [.trustedReceipt])
    }
}

extension VerificationReport {
    /// Says what was left out, and what is open without trust from outside.
    fileprivate mutating func sayWhatIsOpen(_ trust: Trust, isQuick: Bool) {
        if isQuick {
            unchecked.append(
                "--quick: events, keys, streams, times, indexes, attachments and older checkpoints")
        }
        if trust.key == nil {
            unchecked.append(
                "no --key: signatures were checked by the key that the ledger itself names, so whoever wrote it "
                    + "could have written all of it anew")
        }
        if trust.checkpoints.isEmpty, trust.receipts.isEmpty {
            unchecked.append(
                "no --checkpoint or --receipt: a removed tail, or an older copy put in place, cannot be seen"
            )
        }
        unchecked.append("whether everything that happened was recorded: no ledger can show that")
    }
}
