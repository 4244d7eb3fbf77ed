import Foundation
import Testing

@testable import daybook

@Suite("Reading a batch")
struct BatchReaderTests {
    private func event(_ id: Int) -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"//tests","type":"a.b.c"}"#
    }

    /// The lines of each chunk of a file with these bytes.
    private func chunks(of text: String, size: Int) throws -> [[Int]] {
        let path = NSTemporaryDirectory() + "daybook-batch-\(UUID().uuidString)"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        var reader = try BatchReader(path: path, chunk: size)
        var found: [[Int]] = []
        while let chunk = try reader.nextChunk() { found.append(chunk.lines) }
        return found
    }

    @Test("chunks hold as many events as asked for, the last what is left")
    func cuts() throws {
        let text = (1...5).map(event).joined(separator: "\n")
        #expect(try chunks(of: text, size: 2) == [[1, 2], [3, 4], [5]])
        #expect(try chunks(of: text + "\n", size: 5) == [[1, 2, 3, 4, 5]])
    }

    @Test("empty lines are passed over and counted; carriage returns are white space")
    func emptyLines() throws {
        #expect(try chunks(of: "\n\(event(1))\r\n \t\n\(event(2))\r\n", size: 9) == [[2, 4]])
        #expect(try chunks(of: "", size: 9).isEmpty)
    }

    @Test("a fault names the file's line", arguments: ["{", "\u{0}", "[]", "{}", "\u{FEFF}{}"])
    func faults(line: String) throws {
        let failure = try #require(throws: Failure.self) {
            try chunks(of: event(1) + "\n" + line + "\n" + event(2), size: 9)
        }
        #expect(failure.code == .badInput && failure.description.contains(":2:"), "\(failure)")
    }

    @Test("a line that does not end is refused before it fills the memory")
    func endlessLine() throws {
        let failure = try #require(throws: Failure.self) {
            try chunks(of: String(repeating: " ", count: 3 << 20), size: 9)
        }
        #expect(failure.description.contains(":1:"))
    }
}
