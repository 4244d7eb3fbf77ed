import EventSourcing
import GRDB
import LedgerCore

/// That the bytes of every attachment are those of its digest.
enum AttachmentCheck {
    static func findings(_ database: Database) throws -> [Finding] {
        var rows = try RawStatement(database, "SELECT digest, bytes FROM attachments")
        var hasher = SHA256()
        var findings: [Finding] = []
        while try rows.step() {
            let digest = rows.digest(0)
            let found = rows.blob(1).map { hasher.hash($0) }
            guard digest == nil || found != digest else { continue }
            findings.append(
                Finding(
                    .attachment, at: nil,
                    "the bytes of \(digest?.reference ?? "an attachment without digest") were changed"
                ))
        }
        return findings
    }
}
