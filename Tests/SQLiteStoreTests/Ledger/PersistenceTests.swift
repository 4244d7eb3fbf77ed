import EventSourcing
import Foundation
import LedgerCore
import LedgerTesting
import Testing

@testable import SQLiteStore

@Suite("What a ledger file keeps")
struct PersistenceTests {
    @Test("what was appended is there after opening anew, and the chain goes on")
    func reopening() async throws {
        let ledger = try TestLedger()
        let attachment = Attachment(Array("report".utf8))
        var receipts: [Receipt] = []
        for number in 0..<5 {
            let draft = try Drafts.draft(
                "\(number)", subject: "s", data: Drafts.naming([attachment]))
            receipts += try await ledger.append([draft], attaching: [attachment])
        }
        let store = try SQLiteEventStore.reading(ledger.file)
        for receipt in receipts {
            let entry = try #require(try await store.entry(at: receipt.position))
            #expect(entry.hash == receipt.hash && entry.previous == receipt.previous)
        }
        #expect(receipts.map(\.streamVersion?.value) == [1, 2, 3, 4, 5])
        #expect(try await store.attachment(attachment.digest) == attachment)
        #expect(try await store.identity().origin == Keys.origin())
        try ledger.expect([])
    }

    @Test("entries that still stand in the log are read and verified")
    func writeAheadLog() async throws {
        let ledger = try TestLedger()
        let store = try ledger.open()
        _ = try await store.append(Drafts.drafts(0..<10))
        #expect(ledger.file.logSize > 0)
        #expect(try await SQLiteEventStore.reading(ledger.file).head().size == TreeSize(11))
        try ledger.expect([])
        try store.close()
        #expect(try await SQLiteEventStore.reading(ledger.file).head().size == TreeSize(11))
    }

    @Test("the file and its log, copied while the ledger is open, are the ledger")
    func copiedWhileOpen() async throws {
        let ledger = try TestLedger()
        let store = try ledger.open()
        _ = try await store.append(Drafts.drafts(0..<10))
        let copy = LedgerFile(ledger.folder.file("copy.db"))
        for (from, to) in [(ledger.file.path, copy.path), (ledger.file.logPath, copy.logPath)] {
            try FileManager.default.copyItem(atPath: from, toPath: to)
        }
        #expect(try await SQLiteEventStore.reading(copy).head() == store.head())
        #expect(try LedgerVerifier(copy).run().findings.isEmpty)
        try store.close()
    }

    @Test("a long log is folded into the file when a ledger is closed")
    func longLog() async throws {
        let ledger = try TestLedger()
        let data = JSONValue.string(String(repeating: "x", count: 50_000))
        try await ledger.appendTogether((0..<20).map { try Drafts.draft("\($0)", data: data) })
        #expect(ledger.file.logSize == 0)
        try ledger.expect([])
    }

    @Test("several connections append at once: no gap, no loss, no disorder")
    func concurrentConnections() async throws {
        let ledger = try TestLedger()
        let (file, clock) = (ledger.file, ledger.clock)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for connection in 0..<4 {
                group.addTask {
                    let store = try SQLiteEventStore.writing(
                        file, key: Keys.first(), clock: clock.reading)
                    for number in 0..<10 {
                        let draft = try Drafts.draft("\(connection).\(number)", subject: "shared")
                        // Every other event is claimed by all: one wins, the others get duplicates.
                        let claimed = try Drafts.draft("claimed.\(number)", subject: "claimed")
                        clock.advance(seconds: number.isMultiple(of: 3) ? -2 : 1)
                        _ = try await store.append([draft, claimed])
                    }
                    try store.close()
                }
            }
            try await group.waitForAll()
        }
        let store = try SQLiteEventStore.reading(file)
        #expect(try await store.head().size == TreeSize(1 + 40 + 10))
        try ledger.expect([])
    }

    @Test("an append whose turn does not come in time is busy, and keeps nothing")
    func busy() async throws {
        let ledger = try TestLedger()
        let store = try SQLiteEventStore.writing(
            ledger.file, key: Keys.first(), patience: .milliseconds(50), clock: ledger.clock.reading
        )
        let turn = try WriterQueue(ledger.file, patience: .seconds(1))
        let error = await #expect(throws: StoreError.self) {
            _ = try await store.append([Drafts.draft("1")])
        }
        #expect(error?.code == .busy)
        _ = consume turn
        #expect(try await store.append([Drafts.draft("1")])[0].position == Position(1))
    }

    @Test("where the signing key is looked for")
    func keyPath() {
        #expect(LedgerFile("/a/evidence.db").defaultKeyPath == "/a/evidence.key")
        #expect(LedgerFile("evidence.db").defaultKeyPath == "evidence.key")
        #expect(LedgerFile("/a/evidence").defaultKeyPath == "/a/evidence.key")
        #expect(LedgerFile("/a/evidence.key").defaultKeyPath == "/a/evidence.key.key")
    }
}
