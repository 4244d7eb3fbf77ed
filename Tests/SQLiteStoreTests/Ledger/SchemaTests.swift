import EventSourcing
import Foundation
import GRDB
import LedgerCore
import LedgerTesting
import Testing

@testable import SQLiteStore

@Suite("The schema of a ledger file")
struct SchemaTests {
    /// schema/ledger/0001-ledger.sql of this checkout.
    private func published() throws -> String {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let path = root.appendingPathComponent("schema/ledger/0001-ledger.sql")
        return try String(contentsOf: path, encoding: .utf8)
    }

    @Test("the schema in the program is the published file")
    func embedded() throws {
        #expect(try LedgerFile.schema == published())
    }

    @Test("sqlite_schema holds the published statements to the letter, and no others")
    func statements() throws {
        let statements: [String] = try TestLedger().fetch(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        let uncommented = try published().split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("--") }.joined(separator: "\n")
        for statement in statements {
            #expect(uncommented.contains(statement + ";"), "\(statement)")
        }
        let published = uncommented.components(separatedBy: "\nCREATE ").count - 1
        #expect(statements.count == published)
    }

    @Test("the header says whose file it is, and the log is on")
    func header() throws {
        let ledger = try TestLedger()
        #expect(try ledger.fetch("PRAGMA application_id") == [1_146_700_363])
        #expect(try ledger.fetch("PRAGMA user_version") == [1])
        #expect(try ledger.fetch("PRAGMA journal_mode") == ["wal"])
    }

    @Test(
        "triggers refuse every UPDATE and DELETE",
        arguments: [
            "UPDATE entries SET event = event",
            "UPDATE entries SET hash = zeroblob(32) WHERE position = 1",
            "UPDATE entries SET position = 99 WHERE position = 1", "DELETE FROM entries",
            "DELETE FROM entries WHERE position = 1", "UPDATE subtree_hashes SET hash = hash",
            "DELETE FROM subtree_hashes", "UPDATE checkpoints SET note = note",
            "DELETE FROM checkpoints WHERE size = 1", "UPDATE attachments SET bytes = x'00'",
            "DELETE FROM attachments",
        ])
    func triggers(sql: String) async throws {
        let ledger = try await Self.filled()
        let error = #expect(throws: DatabaseError.self) { try ledger.execute(sql) }
        #expect(error?.message?.contains("are never") == true)
        try ledger.expect([])
    }

    /// With a row in every table.
    private static func filled() async throws -> TestLedger {
        let ledger = try TestLedger()
        try await ledger.appendTogether(Drafts.drafts(0..<256))
        let store = try ledger.open()
        try await store.attach(Attachment([1]))
        try store.close()
        return ledger
    }

    @Test("the tables keep what could never be right out of them")
    func constraints() throws {
        let ledger = try TestLedger()
        for sql in [
            "INSERT INTO entries (position, hash, event) VALUES (-1, zeroblob(32), '{}')",
            "INSERT INTO entries (position, hash, event) VALUES (1, zeroblob(31), '{}')",
            "INSERT INTO entries (position, hash, event) VALUES (1, 'text', '{}')",
            "INSERT INTO entries (position, hash, event) VALUES (1, zeroblob(32), x'7b7d')",
            "INSERT INTO entries (position, hash, event) VALUES (1, zeroblob(32), 'no JSON')",
            "INSERT INTO subtree_hashes VALUES (0, 0, zeroblob(32))",
            "INSERT INTO subtree_hashes VALUES (1, -1, zeroblob(32))",
            "INSERT INTO checkpoints VALUES (0, 'note')",
            "INSERT INTO attachments VALUES (x'00', x'')",
        ] {
            #expect(throws: DatabaseError.self, "\(sql)") { try ledger.execute(sql) }
        }
    }
}
