import EventSourcing
import LedgerCore

/// Runs other programs: the port. What holds of every runner:
///
/// - *No shell*: argv goes to the program as it is.
/// - *Bounded*: after `timeout` the program and all its children get TERM, and KILL `grace` later.
/// - *Returns* only when the program has ended and its output is read; never throws for how it ended.
package protocol CommandRunner: Sendable {
    func run(_ command: Command) async -> CommandOutcome
}

package struct Command: Sendable, Equatable {
    package var argv: [String]
    /// Added to the runner's own environment.
    package var variables: [String: String] = [:]
    /// Nil for the runner's own.
    package var folder: String?
    package var input: [UInt8] = []
    package var timeout: Duration = .seconds(900)
    package var grace: Duration = .seconds(10)
    /// Variables whose values never show up in what is kept or shown.
    package var secrets: [String] = []
    /// How many bytes of its output, and of its errors, are kept.
    package var mostOutput = CommandOutcome.mostOutput
    /// Whether output is shown while it comes, as well as kept.
    package var isLive = false

    package init(_ argv: [String]) { self.argv = argv }
}

package struct CommandOutcome: Sendable, Equatable {
    package enum End: Sendable, Equatable {
        case exited(Int32)
        case signalled(Int32)
        case timedOut
        /// It could not be started, and why.
        case notStarted(String)
    }

    package var end: End
    /// At most the command's `mostOutput` bytes each; the middle of more is left out, and said to be.
    package var output: [UInt8]
    package var errors: [UInt8]

    package static let mostOutput = 1 << 20

    package init(_ end: End, output: [UInt8] = [], errors: [UInt8] = []) {
        self.end = end
        self.output = output
        self.errors = errors
    }

    package var isSuccess: Bool { end == .exited(0) }

    /// In words, as "exit code 3".
    package var description: String {
        switch end {
        case .exited(let code): "exit code \(code)"
        case .signalled(let signal): "ended by signal \(signal)"
        case .timedOut: "timed out"
        case .notStarted(let why): "could not be started: \(why)"
        }
    }
}
