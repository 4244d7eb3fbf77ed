import EventSourcing
import Foundation
import LedgerCore
import LedgerTesting
import SQLiteStore
import Testing

@testable import daybook

@Suite("Files that an auditor brings along")
struct EvidenceFileTests {
    private func code(_ body: () throws -> Void) -> Failure.Code? {
        do {
            try body()
            return nil
        } catch {
            return Failure(error)?.code
        }
    }

    private func receipts() async throws -> [String] {
        let store = try InMemoryEventStore(signer: Keys.signer(), clock: ManualClock().reading)
        return try await store.append(Drafts.drafts(0..<3)).map {
            CanonicalJSONWriter.text(of: $0.json)
        }
    }

    @Test("a key is a verifier key, a file with one, or the file of a signing key")
    func keys() throws {
        let folder = try TemporaryFolder()
        let verifier = try folder.write("vkey", Keys.verifierKey + "\n")
        let signing = try folder.write("key", Keys.first().pem())
        for text in [Keys.verifierKey, verifier, signing] {
            let trust = try Trust(key: text, checkpoints: [], receipts: [])
            #expect(try trust.key?.publicKey == Keys.first().publicKey)
            #expect(trust.key?.name?.text == (text == signing ? nil : "example.com/shop"))
        }
        #expect(try Trust(key: nil, checkpoints: [], receipts: []).key == nil)
    }

    @Test("what is no key is refused")
    func badKeys() throws {
        let folder = try TemporaryFolder()
        let rubbish = try folder.write("rubbish", "rubbish")
        let cut = String(Keys.verifierKey.dropLast())
        for (text, expected) in [
            ("", .usage), ("rubbish", .noInput), (cut, .badInput), (rubbish, .badInput),
            (folder.file("none"), .noInput),
        ] as [(String, Failure.Code)] {
            #expect(code { _ = try Trust(key: text, checkpoints: [], receipts: []) } == expected)
        }
    }

    @Test("a checkpoint file holds one signed checkpoint")
    func checkpoints() throws {
        let folder = try TemporaryFolder()
        let checkpoint = Checkpoint(
            origin: try Keys.origin(), size: .empty, root: TreeHasher.emptyRoot)
        let note = try checkpoint.signed(by: Keys.first())
        let good = try folder.write("good", note.description)
        #expect(
            try Trust(key: nil, checkpoints: [good, good], receipts: []).checkpoints.count == 2)
        let other = try SignedNote(
            signing: "no checkpoint\n", with: Keys.first(), named: Keys.origin())
        let texts = ["", "rubbish", checkpoint.text, note.description + "\n", other.description]
        for text in texts {
            let path = try folder.write("bad", text)
            #expect(
                code { _ = try Trust(key: nil, checkpoints: [path], receipts: []) } == .badInput)
        }
        let missing = folder.file("none")
        #expect(code { _ = try Trust(key: nil, checkpoints: [missing], receipts: []) } == .noInput)
    }

    @Test("a receipt file holds one receipt a line, or one over several lines")
    func receiptFiles() async throws {
        let folder = try TemporaryFolder()
        let lines = try await receipts()
        let value = try StrictJSONParser.parse(Array(lines[0].utf8))
        for (text, count) in [
            (lines[0], 1), (lines[0] + "\n", 1), (IndentedJSON.text(of: value), 1),
            (lines.joined(separator: "\n"), 3), (lines.joined(separator: "\r\n") + "\r\n", 3),
            ("\n\n" + lines.joined(separator: "\n\n") + "\n \n", 3),
        ] {
            let path = try folder.write("receipts", text)
            #expect(try Trust(key: nil, checkpoints: [], receipts: [path]).receipts.count == count)
        }
    }

    @Test("a fault in a receipt file is named with its line")
    func badReceipts() async throws {
        let folder = try TemporaryFolder()
        let line = try await receipts()[0]
        for text in [
            "rubbish", "{}", "[]", line.replacing("checkpoint", with: "note"), line + line,
        ] {
            let path = try folder.write("receipts", line + "\n\n" + text + "\n" + line)
            let failure = #expect(throws: Failure.self) {
                try Trust(key: nil, checkpoints: [], receipts: [path])
            }
            #expect(failure?.code == .badInput)
            #expect(failure?.description.hasPrefix("\(path):3:") == true, "\(text)")
        }
        for text in ["", "\n \n"] {
            let path = try folder.write("receipts", text)
            #expect(
                code { _ = try Trust(key: nil, checkpoints: [], receipts: [path]) } == .badInput)
        }
    }
}
