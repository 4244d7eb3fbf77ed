import Foundation
import LedgerCore
import LedgerTesting
import Testing

@testable import daybook

@Suite("Lines of a batch")
struct BatchLineTests {
    private func reader(_ text: String, chunk: Int = 10, in folder: TemporaryFolder) throws
        -> BatchReader
    {
        try BatchReader(path: folder.write("batch.jsonl", text), chunk: chunk)
    }

    private func event(_ id: String, data: String = "1") -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"//tests","type":"t","data":\#(data)}"#
    }

    @Test(
        "events come in order, whole, however they fall into the blocks that are read",
        arguments: [1, 3, 1000])
    func order(chunk: Int) throws {
        let folder = try TemporaryFolder()
        let data = (0..<200).map { "\"\(String(repeating: "é", count: $0 * 37 % 5000))\"" }
        let text = data.enumerated().map { event("\($0)", data: $1) }.joined(separator: "\n")
        var reader = try reader(text, chunk: chunk, in: folder)
        #expect(reader.totalBytes == text.utf8.count)
        var ids: [String] = []
        var lines: [Int] = []
        while let next = try reader.nextChunk() {
            #expect(next.drafts.count <= chunk && next.drafts.count == next.lines.count)
            ids += next.drafts.map(\.event.key.id.text)
            lines += next.lines
        }
        #expect(ids == data.indices.map(String.init) && lines == data.indices.map { $0 + 1 })
        #expect(reader.bytesRead == text.utf8.count)
    }

    @Test("a fault names its line, and from which line on nothing is recorded")
    func faultLines() throws {
        let folder = try TemporaryFolder()
        let text = (1...4).map { event("\($0)") }.joined(separator: "\n") + "\n\n" + "rubbish\n"
        var reader = try reader(text, chunk: 3, in: folder)
        #expect(try reader.nextChunk()?.lines == [1, 2, 3])
        let failure = #expect(throws: Failure.self) { try reader.nextChunk() }
        #expect(failure?.code == .badInput)
        #expect(failure?.description.contains("batch.jsonl:6: ") == true)
        #expect(failure?.description.contains("from line 4 on") == true)
    }

    @Test(
        "a line that is no event of a producer is refused",
        arguments: [
            "1", "null", "\"x\"", "{}", "[{}]", #"{"specversion":"1.0"}"#,
            #"{"specversion":"1.0","id":"1","source":"x","type":"dev.daybook.ledger.created.v1"}"#,
            #"{"specversion":"1.0","id":"1","source":"x","type":"t","streamversion":1}"#,
            #"{"specversion":"1.0","id":"1","id":"1","source":"x","type":"t"}"#,
            #"{"specversion":"1.0","id":"1","source":"x","type":"t"} {}"#, "\u{B}", "\u{A0}",
        ])
    func noEvent(line: String) throws {
        let folder = try TemporaryFolder()
        var reader = try reader(line, in: folder)
        let failure = #expect(throws: Failure.self) { try reader.nextChunk() }
        #expect(failure?.code == .badInput && failure?.description.contains(":1: ") == true)
    }

    @Test("a line of 1 MiB is read, one that is far longer is not")
    func longLines() throws {
        let folder = try TemporaryFolder()
        let space = String(repeating: " ", count: BatchReader.longestLine - event("1").utf8.count)
        var good = try reader(space + event("1") + "\n" + event("2"), in: folder)
        #expect(try good.nextChunk()?.lines == [1, 2])
        var bad = try reader(event("1") + "\n" + space + space + event("2"), in: folder)
        let failure = #expect(throws: Failure.self) { try bad.nextChunk() }
        #expect(failure?.code == .badInput && failure?.description.contains(":2: ") == true)
    }

    @Test("a file that is not there is no input")
    func missing() throws {
        let folder = try TemporaryFolder()
        let failure = #expect(throws: Failure.self) {
            try BatchReader(path: folder.file("none"), chunk: 1)
        }
        #expect(failure?.code == .noInput)
    }
}
