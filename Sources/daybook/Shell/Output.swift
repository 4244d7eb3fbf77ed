import ArgumentParser
import BoringDeploy
import Foundation
import LedgerCore

/// `-o`: how results are written.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table
    case json
}

struct OutputOptions: ParsableArguments {
    @Option(name: [.customShort("o"), .long], help: "How results are written: table or json.")
    var output: OutputFormat = .table
}

/// Standard output, written so that a full disk or a closed pipe is noticed.
enum StandardOutput {
    nonisolated(unsafe) private static var buffer: [UInt8] = []

    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    static func write(_ bytes: some Sequence<UInt8>) throws {
        buffer.append(contentsOf: bytes)
        if buffer.count >= 1 << 16 { try flush() }
    }

    static func write(_ text: String) throws { try write(text.utf8) }

    /// One canonical JSON value on a line of its own.
    static func writeLine(_ value: JSONValue) throws {
        try write(CanonicalJSONWriter.bytes(of: value))
        try write("\n")
    }

    static func flush() throws {
        defer { buffer.removeAll(keepingCapacity: true) }
        var written = 0
        while written < buffer.count {
            let count = buffer[written...].withUnsafeBytes {
                Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count)
            }
            guard count >= 0 else {
                if errno == EINTR { continue }
                throw Failure(
                    .inputOutput, "standard output: \(String(cString: strerror(errno)))")
            }
            written += count
        }
    }
}

enum StandardError {
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    static func write(_ text: String) {
        var text = text
        text.withUTF8 { _ = Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

/// Rows under headings: aligned on a terminal, elsewhere tab-separated without headings.
struct Table {
    private let headings: [String]
    private let isTerminal = StandardOutput.isTerminal
    private var rows: [[String]] = []

    init(_ headings: [String]) { self.headings = headings }

    mutating func add(_ row: [String]) { rows.append(row.map(Self.printable)) }

    func write() throws {
        guard isTerminal else {
            for row in rows { try StandardOutput.write(row.joined(separator: "\t") + "\n") }
            return
        }
        let all = [headings] + rows
        let widths = headings.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        for (index, row) in all.enumerated() {
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: max(0, width - cell.count))
            }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            try StandardOutput.write((index == 0 ? Style.heading(line) : line) + "\n")
        }
    }

    /// Names and values below each other.
    static func write(record: [(String, String)]) throws {
        let width = record.map(\.0.count).max() ?? 0
        for (name, value) in record {
            let padding = String(repeating: " ", count: width - name.count)
            try StandardOutput.write("\(name)\(padding)  \(printable(value))\n")
        }
    }

    /// Events come from anywhere: what would move a terminal's cursor is shown as its escape.
    static func printable(_ text: String) -> String {
        Printable.text(text)
    }
}

/// Colour, on a terminal whose user has not said NO_COLOR (https://no-color.org).
enum Style {
    private static let isOn: Bool = {
        guard StandardOutput.isTerminal else { return false }
        let environment = ProcessInfo.processInfo.environment
        return (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }()

    static func heading(_ text: String) -> String { wrap(text, "1") }
    static func good(_ text: String) -> String { wrap(text, "32") }
    static func bad(_ text: String) -> String { wrap(text, "31") }

    private static func wrap(_ text: String, _ code: String) -> String {
        isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}

extension OutputOptions {
    /// A text in a format of its own: as it is, or as the one member of a JSON object.
    func write(_ text: String, named name: String) throws {
        switch output {
        case .table: try StandardOutput.write(text)
        case .json:
            var object = JSONObject()
            object[name] = .string(text)
            try StandardOutput.writeLine(.object(object))
        }
    }
}
