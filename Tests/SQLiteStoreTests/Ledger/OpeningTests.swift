import EventSourcing
import Foundation
import LedgerCore
import LedgerTesting
import SQLiteStore
import Testing

@Suite("Making and opening ledger files")
struct OpeningTests {
    private func code(_ body: () async throws -> Void) async -> StoreError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? StoreError)?.code
        }
    }

    /// What reading, appending and verifying answer.
    private func codes(_ file: LedgerFile) async -> [StoreError.Code?] {
        [
            await code { _ = try await SQLiteEventStore.reading(file).head() },
            await code {
                let store = try SQLiteEventStore.writing(
                    file, key: Keys.first(), clock: ManualClock().reading)
                _ = try await store.append([Drafts.draft("1")])
            },
            await code { _ = try LedgerVerifier(file).run() },
        ]
    }

    @Test("a missing file is no ledger, and is not made by looking for it")
    func missing() async throws {
        let folder = try TemporaryFolder()
        let file = LedgerFile(folder.file("none.db"))
        #expect(await codes(file) == [.noSuchLedger, .noSuchLedger, .noSuchLedger])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test(
        "a file that is no ledger is unreadable, and is a finding",
        arguments: [
            ("an empty file", ""), ("a text", String(repeating: "no ledger\n", count: 200)),
            ("the beginning of a header", "SQLite format 3\0"),
        ])
    func noLedger(what: String, content: String) async throws {
        let folder = try TemporaryFolder()
        let file = LedgerFile(try folder.write("evidence.db", content))
        #expect(await codes(file) == [.unreadable, .unreadable, nil])
        #expect(try LedgerVerifier(file).run().findings.places == [Found(.file, nil)])
        #expect(try String(contentsOfFile: file.path, encoding: .utf8) == content)
    }

    @Test("another SQLite database is unreadable, and is a finding")
    func otherDatabase() async throws {
        let ledger = try TestLedger()
        try ledger.execute("PRAGMA application_id = 0")
        #expect(await codes(ledger.file) == [.unreadable, .unreadable, nil])
        try ledger.expect([Found(.file, nil)])
    }

    @Test("a ledger of a newer format is refused everywhere", arguments: [2, 3, Int32.max])
    func newerFormat(version: Int32) async throws {
        let ledger = try TestLedger()
        try ledger.execute("PRAGMA user_version = \(version)")
        #expect(await codes(ledger.file) == [.newerFormat, .newerFormat, .newerFormat])
        #expect(
            await code { _ = try ledger.file.backUp(to: ledger.folder.file("b")) } == .newerFormat)
    }

    @Test("a format that never was is unreadable, and is a finding", arguments: [0, -1])
    func impossibleFormat(version: Int32) async throws {
        let ledger = try TestLedger()
        try ledger.execute("PRAGMA user_version = \(version)")
        #expect(await codes(ledger.file) == [.unreadable, .unreadable, nil])
        try ledger.expect([Found(.file, nil)])
    }

    @Test("a ledger that is cut off is damaged or unreadable, and has findings")
    func truncated() async throws {
        for part in [0.1, 0.3, 0.5, 0.7, 0.9, 0.97] {
            let ledger = try TestLedger()
            try await ledger.append((0..<30).map { try Drafts.draft("\($0)", subject: "s") })
            let length = Int(Double(try ledger.settled().count) * part)
            try FileHandle(forUpdating: URL(fileURLWithPath: ledger.file.path))
                .truncate(atOffset: UInt64(length))
            #expect(!(try ledger.verify().isEmpty), "cut at \(length)")
            // A page of which the end is missing is read as if zeros stood there, so an append may
            // go well: what it answers must not be that there is no ledger, or another's.
            let codes = await codes(ledger.file)
            #expect([.damaged, .unreadable, nil].contains(codes[0]), "cut at \(length): \(codes)")
            #expect(codes[2] == nil)
        }
    }

    @Test("another key than the ledger's is refused")
    func wrongKey() async throws {
        let ledger = try TestLedger()
        #expect(await code { _ = try ledger.open(key: Keys.second()) } == .notAllowed)
        try ledger.expect([])
    }

    @Test("a ledger that was opened for reading takes no events and no attachments")
    func readingOnly() async throws {
        let ledger = try TestLedger()
        let store = try SQLiteEventStore.reading(ledger.file)
        #expect(await code { _ = try await store.append([Drafts.draft("1")]) } == .notAllowed)
        #expect(await code { try await store.attach(Attachment([1])) } == .notAllowed)
    }

    @Test("making a ledger never replaces a file", arguments: ["", "anything"])
    func neverOverwrites(content: String) async throws {
        let folder = try TemporaryFolder()
        let file = LedgerFile(try folder.write("evidence.db", content))
        let made = await code {
            try SQLiteEventStore.create(file, signer: Keys.signer(), clock: ManualClock().reading)
        }
        #expect(made == .cannotCreate)
        #expect(try String(contentsOfFile: file.path, encoding: .utf8) == content)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names == ["evidence.db"], "no draft is left behind")
    }

    @Test("making a ledger twice leaves the first as it was")
    func twice() async throws {
        let ledger = try TestLedger()
        let before = try ledger.settled()
        let made = await code {
            try SQLiteEventStore.create(
                ledger.file, signer: Keys.signer(), clock: ledger.clock.reading)
        }
        #expect(made == .cannotCreate)
        #expect(try ledger.settled() == before)
    }

    @Test("a ledger cannot be made in a folder that is not there")
    func noFolder() async throws {
        let folder = try TemporaryFolder()
        let file = LedgerFile(folder.file("no/folder/evidence.db"))
        let made = await code {
            try SQLiteEventStore.create(file, signer: Keys.signer(), clock: ManualClock().reading)
        }
        #expect(made == .cannotCreate)
    }
}
