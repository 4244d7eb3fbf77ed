import EventSourcing
import LedgerCore

/// A process that carries trains: enough to tell whether it is still alive.
package struct Runner: Sendable, Hashable {
    package var host: String
    package var process: Int
    /// When the process started, in the system's own count; tells a process number that is used
    /// again.
    package var started: String

    package init(host: String, process: Int, started: String) {
        self.host = host
        self.process = process
        self.started = started
    }

    init(_ data: PayloadReader) throws(EventError) {
        host = try data.text("host")
        process = try data.integer("process")
        started = try data.text("started")
    }

    var json: JSONValue {
        [
            "host": .string(host), "process": .integer(process), "started": .string(started),
        ]
    }

    package var description: String { "process \(process) on \(host)" }
}
