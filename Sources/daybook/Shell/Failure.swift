import ArgumentParser
import EventSourcing
import Foundation
import LedgerCore
import Operations

/// How a command ends when it does not end well: an exit code and one sentence with the place and
/// the way out.
struct Failure: Error, CustomStringConvertible {
    /// The exit codes of sysexits(3), and Daybook's own.
    enum Code: Int32 {
        case failed = 1
        case refused = 10
        case verificationFailed = 11
        case conflict = 12
        case inconclusive = 13
        case rolledBack = 14
        case usage = 64
        case badInput = 65
        case noInput = 66
        case unavailable = 69
        case cannotCreate = 73
        case inputOutput = 74
        case notAllowed = 77
    }

    let code: Code
    let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// Nil for the argument parser's own errors, which it explains itself.
    init?(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as ReleaseError: self.init(error)
        case let error as GitError: self.init(ReleaseError(error))
        case let error as StoreError: self.init(Code(error.code), error.description)
        case let error as ConfigurationError:
            self.init(Code(error), error.lines.map(Table.printable).joined(separator: "\n"))
        case let error as RouterError: self.init(.usage, error.description)
        case let error as BundleError: self.init(Code(error.kind), error.description)
        case let error as TimestampError: self.init(Code(error.kind), error.description)
        case let error as EventError: self.init(.badInput, error.description)
        case let error as NoteError: self.init(.badInput, error.description)
        case let error as JSONError: self.init(.badInput, error.description)
        case let error as CryptoError: self.init(.badInput, error.description)
        default: return nil
        }
    }
}

extension Failure.Code {
    init(_ kind: BundleError.Kind) {
        self =
            switch kind {
            case .noSuchRelease: .noInput
            case .badInput: .badInput
            case .damaged: .verificationFailed
            }
    }

    init(_ kind: TimestampError.Kind) {
        self =
            switch kind {
            case .badInput: .badInput
            case .unavailable: .unavailable
            case .refused: .verificationFailed
            }
    }

    init(_ code: StoreError.Code) {
        self =
            switch code {
            case .badInput, .unreadable, .newerFormat: .badInput
            case .conflict: .conflict
            case .noSuchLedger: .noInput
            case .cannotCreate: .cannotCreate
            case .busy: .unavailable
            case .notAllowed: .notAllowed
            case .inputOutput: .inputOutput
            case .damaged: .verificationFailed
            }
    }
}

extension Failure.Code {
    init(_ error: ConfigurationError) {
        self =
            switch error {
            case .invalid, .unreadable(_, EISDIR): .badInput
            case .unreadable(_, ENOENT), .unreadable(_, ENOTDIR): .noInput
            case .unreadable(_, EACCES), .unreadable(_, EPERM): .notAllowed
            case .unreadable: .inputOutput
            }
    }
}
