import Foundation

/// Why there is no configuration.
package enum ConfigurationError: Error, Equatable, CustomStringConvertible {
    /// The system's error number says why.
    case unreadable(path: String, errno: Int32)
    /// All that is wrong in the file, in the order of its lines.
    case invalid(path: String, [ConfigurationFault])

    /// One line a fault, `daybook.yaml:LINE: sentence; way out`.
    package var lines: [String] {
        switch self {
        case .unreadable(let path, let number):
            ["\(path) cannot be read: \(String(cString: strerror(number)))"]
        case .invalid(let path, let faults): faults.map { "\(path):\($0.line): \($0.message)" }
        }
    }

    package var description: String { lines.joined(separator: "\n") }
}

/// One thing that is wrong, and the way out.
package struct ConfigurationFault: Sendable, Hashable {
    /// Counted from 1.
    package let line: Int
    package let message: String
}

/// Gathers faults while a file is read.
final class FaultList {
    private var faults: [ConfigurationFault] = []
    private var told: Set<ConfigurationFault> = []

    var isEmpty: Bool { faults.isEmpty }

    func add(_ line: Int, _ message: String) {
        let fault = ConfigurationFault(line: line, message: message)
        if told.insert(fault).inserted { faults.append(fault) }
    }

    /// In the order of the file; within a line, as found.
    var sorted: [ConfigurationFault] {
        faults.enumerated().sorted {
            ($0.element.line, $0.offset) < ($1.element.line, $1.offset)
        }.map(\.element)
    }
}
