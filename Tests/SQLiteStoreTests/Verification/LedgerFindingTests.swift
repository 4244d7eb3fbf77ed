import EventSourcing
import Foundation
import LedgerCore
import LedgerTesting
import SQLiteStore
import Testing

@Suite("Findings about the file, its schema and what it keeps beside the entries")
struct LedgerFindingTests {
    private func filled(_ count: Int = 4) async throws -> TestLedger {
        let ledger = try TestLedger()
        try await ledger.append(Drafts.drafts(0..<count))
        return ledger
    }

    @Test(
        "schema: an object that is foreign, changed or missing",
        arguments: [
            "CREATE TABLE extra (x)", "CREATE INDEX extra ON entries (hash)",
            "CREATE VIEW extra AS SELECT 1",
            "CREATE TRIGGER extra AFTER INSERT ON entries BEGIN SELECT 1; END",
            "DROP TRIGGER entries_refuse_update", "DROP INDEX entries_by_type",
            "DROP INDEX entries_by_type; CREATE INDEX entries_by_type ON entries (type DESC)",
            "DROP TRIGGER entries_refuse_delete; CREATE TRIGGER entries_refuse_delete BEFORE DELETE ON entries BEGIN SELECT 1; END",
            "ALTER TABLE attachments ADD COLUMN extra TEXT",
        ])
    func schema(sql: String) async throws {
        let ledger = try await filled()
        try ledger.execute(sql)
        try ledger.expect([Found(.schema, nil)])
        try ledger.expect([Found(.schema, nil)], isQuick: true)
    }

    @Test("schema: the statistics of ANALYZE do no harm")
    func statistics() async throws {
        let ledger = try await filled()
        try ledger.execute("ANALYZE")
        try ledger.expect([])
    }

    @Test(
        "schema: a table that is missing",
        arguments: ["entries", "checkpoints", "subtree_hashes", "attachments"])
    func missingTable(table: String) async throws {
        let ledger = try await filled()
        try ledger.execute("DROP TABLE \(table)")
        for isQuick in [false, true] {
            let found = try ledger.verify(isQuick: isQuick)
            #expect(!found.isEmpty && found.allSatisfy { [.schema, .file].contains($0.kind) })
        }
    }

    @Test("storage: a page that cannot be read")
    func storage() async throws {
        let ledger = try await filled(60)
        let bytes = try ledger.settled()
        let event = Array(try ledger.events()[30].utf8)
        let page = try #require(bytes.offsets(of: event).first) / 4096
        try ledger.overwrite(at: page * 4096, with: [UInt8](repeating: 0xA5, count: 64))
        let findings = try ledger.verify()
        #expect(findings.contains { $0.kind == .storage })
        let positions = findings.filter { $0.kind == .storage }.compactMap(\.position)
        #expect(positions.allSatisfy { $0 <= 30 })
    }

    @Test("subtree: a hash that is changed, missing or too many")
    func subtrees() async throws {
        let ledger = try TestLedger()
        try await ledger.appendTogether(Drafts.drafts(0..<600))
        try ledger.expect([])
        try ledger.tamper(
            "INSERT INTO subtree_hashes VALUES (1, 2, zeroblob(32)), (2, 0, zeroblob(32))")
        try ledger.expect([Found(.subtree, nil), Found(.subtree, nil)])
        try ledger.tamper("DELETE FROM subtree_hashes WHERE (level, number) IN ((1, 2), (2, 0))")
        try ledger.tamper("UPDATE subtree_hashes SET hash = zeroblob(32) WHERE number = 1")
        try ledger.expect([Found(.subtree, nil)])
        try ledger.tamper("DELETE FROM subtree_hashes WHERE number = 0")
        try ledger.expect([Found(.subtree, nil), Found(.subtree, nil)], isQuick: true)
    }

    @Test("checkpoint: one that is signed by another key, rewritten, or in the wrong row")
    func checkpoints() async throws {
        let ledger = try await filled()
        let notes: [String] = try ledger.fetch("SELECT note FROM checkpoints ORDER BY size")
        let third = try Checkpoint(parsing: SignedNote(parsing: Array(notes[2].utf8)).text)
        let other = Checkpoint(origin: third.origin, size: third.size, root: SHA256.hash([1]))
        for note in [
            try third.signed(by: Keys.second()).description,
            try other.signed(by: Keys.first()).description,
            notes[1], "no note", notes[2] + "rubbish\n",
        ] {
            try ledger.tamper("UPDATE checkpoints SET note = ? WHERE size = 3", [note])
            try ledger.expect([Found(.checkpoint, 2)])
        }
    }

    @Test("checkpoint: the end of the log is not covered")
    func uncovered() async throws {
        let ledger = try await filled()
        try ledger.tamper("DELETE FROM checkpoints WHERE size = 5")
        try ledger.expect([Found(.checkpoint, 3)])
        try ledger.expect([Found(.checkpoint, 3)], isQuick: true)
    }

    @Test("checkpoint: entries that were removed from the end are missed by the checkpoints left")
    func removedEnd() async throws {
        let ledger = try await filled()
        try ledger.tamper("DELETE FROM entries WHERE position > 2")
        try ledger.expect([Found(.checkpoint, 3), Found(.checkpoint, 4)])
    }

    @Test("attachment: bytes that were changed, and bytes that are missing")
    func attachments() async throws {
        let ledger = try TestLedger()
        let attachment = Attachment(Array("report".utf8))
        let draft = try Drafts.draft("1", data: Drafts.naming([attachment]))
        try await ledger.append([draft], attaching: [attachment])
        try ledger.tamper("UPDATE attachments SET bytes = x'00'")
        try ledger.expect([Found(.attachment, nil)])
        try ledger.tamper("DELETE FROM attachments")
        try ledger.expect([Found(.attachment, 1)])
    }

    @Test("a report says what was checked and what was not, and is good only without findings")
    func report() async throws {
        let ledger = try await filled()
        let report = try LedgerVerifier(ledger.file).run()
        #expect(report.isGood && report.origin == "example.com/shop" && report.size == TreeSize(5))
        #expect(try await report.root == SQLiteEventStore.reading(ledger.file).head().root)
        #expect(report.unchecked.count == 3)
        var trust = Trust()
        trust.key = Trust.TrustedKey(name: nil, publicKey: try Keys.first().publicKey)
        trust.checkpoints = [Trust.Evidence(try await ledger.checkpoint(), from: "kept")]
        let trusted = try LedgerVerifier(ledger.file, trust: trust).run()
        #expect(trusted.isGood && trusted.unchecked.count == 1)
        #expect(trusted.checked.suffix(2) == [.trustedKey, .trustedCheckpoint])
    }

    @Test("more entries than a worker takes at once are verified, on any number of workers")
    func manyEntries() async throws {
        let ledger = try TestLedger()
        try await ledger.appendTogether(
            (0..<9000).map { try Drafts.draft("\($0)", subject: "s\($0 % 7)") })
        for workers in [1, 2, 5] {
            #expect(try LedgerVerifier(ledger.file, workers: workers).run().isGood)
        }
        try ledger.tamper("DELETE FROM entries WHERE position BETWEEN 4000 AND 8300")
        let found = try ledger.verify(isQuick: true).places
        #expect(found == [Found(.position, 4000)])
        try ledger.tamper(
            "UPDATE entries SET event = replace(event, 'done', 'gone') WHERE position = 8500")
        try ledger.expect([Found(.position, 4000), Found(.hash, 8500)], isQuick: true)
    }
}
