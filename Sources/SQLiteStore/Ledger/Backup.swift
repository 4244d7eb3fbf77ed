import EventSourcing
import Foundation
import GRDB
import LedgerCore

extension LedgerFile {
    /// Copies the ledger while others append to it, verifies the copy, and only then gives it its
    /// name. A file that is there already is never replaced.
    ///
    /// - Returns: What verifying the copy showed; it has no findings.
    /// - Throws: `damaged` if the copy, and so the ledger, does not verify.
    package func backUp(
        to path: String, trust: Trust = Trust(),
        progress: @escaping (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
    ) throws(StoreError) -> VerificationReport {
        let source = try openForReading()
        try StoreError.wrapping(file: self.path) { try source.read(checkHeader) }
        var report = VerificationReport()
        try NewFile.make(at: path) { (draft: String) throws(StoreError) in
            try StoreError.wrapping(file: path) {
                let target = try DatabaseQueue(path: draft)
                try source.backup(to: target)
                // In WAL mode a reader would need to write beside it.
                try target.close()
            }
            report = try LedgerVerifier(LedgerFile(draft), trust: trust).run(progress: progress)
            guard let finding = report.findings.first else { return }
            throw StoreError(
                .damaged,
                "no backup was made: the copy does not verify (\(report.findings.count) findings, the first: "
                    + "\(finding.detail)); run daybook verify --ledger \(self.path)")
        }
        return report
    }
}
