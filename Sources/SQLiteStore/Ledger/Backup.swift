import Dispatch
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
                try target.close()
            }
            report = try LedgerVerifier(LedgerFile(draft), trust: trust).run(progress: progress)
            guard let finding = report.findings.first else { return }
            throw StoreError(
                .damaged,
                "\(path) was not made: the copy of \(self.path) does not verify "
                    + "(\(report.findings.count) findings, the first: \(finding.detail))")
        }
        return report
    }

    /// Puts a verified copy of a backup in this ledger's place. What stands there is moved aside
    /// with the files beside it, for SQLite would take a log of the old file for the new one's.
    ///
    /// - Returns: What verifying the copy showed, and where the old ledger is now, if there was
    ///   one.
    package func restore(
        from backup: LedgerFile, patience: DispatchTimeInterval
    ) throws(StoreError) -> (report: VerificationReport, replaced: LedgerFile?) {
        try backup.checkExists()
        let turn = try WriterQueue(self, patience: patience)
        var replaced: LedgerFile?
        if exists || logSize > 0 {
            let old = unusedName(".replaced")
            for suffix in ["", "-wal", "-shm"] where rename(path + suffix, old.path + suffix) != 0 {
                guard errno == ENOENT else {
                    throw StoreError(
                        .inputOutput,
                        "\(path)\(suffix) cannot be moved aside: \(String(cString: strerror(errno)))"
                    )
                }
            }
            replaced = old
        }
        do throws(StoreError) {
            let report = try backup.backUp(to: path)
            _ = consume turn
            return (report, replaced)
        } catch {
            if let replaced {
                for suffix in ["-shm", "-wal", ""] { rename(replaced.path + suffix, path + suffix) }
            }
            throw error
        }
    }

    private func unusedName(_ suffix: String) -> LedgerFile {
        let names = (1...).lazy.map { LedgerFile("\(path)\(suffix)-\($0)") }
        return names.first { !$0.exists && $0.logSize == 0 } ?? self
    }
}
