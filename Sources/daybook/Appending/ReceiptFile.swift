import EventSourcing
import Foundation
import LedgerCore

/// Where `--receipt` keeps receipts: a file that takes its name only when it is whole, or a pipe or
/// a device.
final class ReceiptFile {
    private let path: String
    /// Nil for what cannot be replaced: it is written to as it is.
    private let replacement: Files.Replacement?
    private var lines: [UInt8] = []
    private var isFinished = false

    /// Fails now, before anything is recorded, if it could not be kept.
    ///
    /// - Parameter others: Files whose place it must not take: the ledger's own.
    init(_ path: String, apartFrom others: [String]) throws {
        self.path = path
        guard !path.isEmpty else { throw Failure(.usage, "--receipt is empty; name a file") }
        var status = stat()
        guard stat(path, &status) == 0 else {
            replacement = try Files.Replacement(path)
            return
        }
        for other in others {
            var otherStatus = stat()
            guard stat(other, &otherStatus) == 0 else { continue }
            guard (otherStatus.st_dev, otherStatus.st_ino) != (status.st_dev, status.st_ino) else {
                throw Failure(.usage, "--receipt \(path) is \(other); name another file")
            }
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: replacement = try Files.Replacement(Files.resolved(path))
        case S_IFDIR: throw Failure(.cannotCreate, "--receipt \(path) is a folder; name a file")
        default: replacement = nil
        }
    }

    func add(_ receipt: Receipt) {
        lines += CanonicalJSONWriter.bytes(of: receipt.json)
        lines.append(0x0A)
    }

    func finish() throws {
        isFinished = true
        if let replacement {
            try replacement.finish(lines)
        } else {
            try Files.append(lines, to: path)
        }
    }

    /// Leaves nothing behind, unless it was finished.
    func abandon() {
        if !isFinished { replacement?.abandon() }
    }
}
