import EventSourcing
import LedgerCore
import LedgerTesting
import SQLiteStore
import Testing

@Suite("Every byte of the evidence")
struct EveryByteTests {
    /// Twelve entries of every kind, settled in the file.
    private func filled() async throws -> (ledger: TestLedger, bytes: [UInt8], entries: [Entry]) {
        let ledger = try TestLedger()
        let drafts = try (0..<11).map { number in
            try Drafts.draft(
                "e\(number)", subject: number.isMultiple(of: 2) ? "s" : nil, type: "t", source: "x",
                data: number == 5 ? ["text": "é\n😀", "n": .number(1e21)] : nil)
        }
        try await ledger.append(drafts)
        let bytes = try ledger.settled()
        let entries = try await SQLiteEventStore.reading(ledger.file).entries(EntryQuery())
        return (ledger, bytes, entries)
    }

    /// Flips one bit of each byte of a run, one after another, and verifies.
    private func flipEach(
        of run: [UInt8], in ledger: TestLedger, _ bytes: [UInt8],
        _ check: ([Finding]) -> Bool
    ) throws {
        let places = bytes.offsets(of: run)
        try #require(places.count == 1, "the run stands once in the file")
        for (index, byte) in run.enumerated() {
            try ledger.overwrite(at: places[0] + index, with: [byte ^ 0x01])
            let findings = try ledger.verify()
            #expect(check(findings), "byte \(index) of \(run.count): \(findings)")
            try ledger.overwrite(at: places[0] + index, with: [byte])
        }
    }

    @Test("a changed bit in any byte of any event is found at its entry")
    func events() async throws {
        let (ledger, bytes, entries) = try await filled()
        #expect(entries.count == 12)
        for entry in entries {
            let position = Int64(entry.position.value)
            try flipEach(of: entry.eventBytes, in: ledger, bytes) { findings in
                findings.places.contains(Found(.hash, position))
            }
        }
        try ledger.expect([])
    }

    @Test("a changed bit in any byte of any entry hash is found at its entry and at the next")
    func hashes() async throws {
        let (ledger, bytes, entries) = try await filled()
        for entry in entries {
            let position = Int64(entry.position.value)
            try flipEach(of: entry.hash.bytes, in: ledger, bytes) { findings in
                findings.places.contains(Found(.hash, position))
                    && (position == 11 || findings.places.contains(Found(.hash, position + 1)))
            }
        }
        try ledger.expect([])
    }

    @Test("a changed bit in any byte of any checkpoint is found at the last entry it covers")
    func checkpoints() async throws {
        let (ledger, bytes, entries) = try await filled()
        for size in [1, 6, entries.count] {
            let notes: [String] = try ledger.fetch(
                "SELECT note FROM checkpoints WHERE size = \(size)")
            let note = Array(try #require(notes.first).utf8)
            try flipEach(of: note, in: ledger, bytes) { findings in
                findings.places.contains(Found(.checkpoint, Int64(size - 1)))
            }
        }
        try ledger.expect([])
    }

    @Test("a changed bit in any byte of an attachment or of its digest is found")
    func attachments() async throws {
        let ledger = try TestLedger()
        let attachment = Attachment(Array("a report of some length".utf8))
        let draft = try Drafts.draft("1", data: Drafts.naming([attachment]))
        try await ledger.append([draft], attaching: [attachment])
        let bytes = try ledger.settled()
        try flipEach(of: attachment.bytes, in: ledger, bytes) { findings in
            findings.places == [Found(.attachment, nil)]
        }
        // The digest stands in the table and in its index.
        for place in bytes.offsets(of: attachment.digest.bytes) {
            try ledger.overwrite(at: place, with: [attachment.digest.bytes[0] ^ 0x01])
            #expect(try ledger.verify().contains { $0.kind == .attachment })
            try ledger.overwrite(at: place, with: [attachment.digest.bytes[0]])
        }
        try ledger.expect([])
    }
}
