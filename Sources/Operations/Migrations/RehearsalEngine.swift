import BoringDeploy
import LedgerCore

/// A database engine that migrations are rehearsed on: the port. What holds of every engine:
///
/// - *The given database is only read*, to copy it. Everything else happens to the scratch copy.
/// - *A scratch copy is known by its name* (`ScratchName`), so that what a dead run left behind is
///   found by the next one.
/// - `drop` works on a copy in any state, and on one that is not there.
package protocol RehearsalEngine: Sendable {
    var engine: MigrationRehearsed.Engine { get }

    /// Drops the scratch copies of runs of this machine that are dead, and names those that only
    /// somebody else can judge.
    func sweep() async -> [StaleCopy]

    /// Makes a scratch copy with a name.
    func copy(to name: ScratchName) async throws(RehearsalError) -> ScratchCopy

    /// The schema as text, the same for the same schema.
    func schema(of copy: ScratchCopy) async throws(RehearsalError) -> [UInt8]

    /// Every table with its rows and checksums.
    func tables(of copy: ScratchCopy) async throws(RehearsalError) -> [TableSnapshot]

    /// Runs one direction, and watches the locks it takes where the engine shows them.
    func apply(
        _ step: MigrationStep, as phase: LockTaken.Phase, to copy: ScratchCopy
    ) async -> AppliedStep

    /// Says what is in the way, if it cannot be dropped.
    func drop(_ name: ScratchName) async throws(RehearsalError)
}

/// A copy to try things on.
package struct ScratchCopy: Sendable {
    package var name: ScratchName
    /// Of the engine, as it names itself.
    package var engineVersion: String
    /// What a command finds it by.
    package var variables: [String: String]
}

/// One direction of a migration, ready to run.
package enum MigrationStep: Sendable {
    case command([String])
    /// The bytes run, whatever becomes of the file meanwhile.
    case sql(path: String, bytes: [UInt8])

    package var side: MigrationSide {
        switch self {
        case .command(let argv): .command(argv)
        case .sql(let path, let bytes):
            .sql(MigrationFile(path: path, digest: SHA256.hash(bytes)))
        }
    }
}

package struct AppliedStep: Sendable {
    package var outcome: CommandOutcome
    /// Of the step itself, without what watches it.
    package var took: Duration
    package var locks: [LockTaken] = []
    /// Why locks were not seen, where they should have been.
    package var samplingFailure: String?

    /// Runs and times it.
    init(_ body: () async -> CommandOutcome) async {
        let clock = ContinuousClock()
        let start = clock.now
        outcome = await body()
        took = clock.now - start
    }
}

/// A scratch copy that an earlier run left behind.
package struct StaleCopy: Sendable, Equatable {
    package var name: String
    /// Whether it is gone now; if not, `remedy` is what removes it.
    package var isDropped: Bool
    package var remedy: String
}

/// Why a rehearsal could not go on, with what the tool said.
package struct RehearsalError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }

    /// What was tried, how the tool ended, and its last words.
    init(_ what: String, _ outcome: CommandOutcome) {
        let said = String(decoding: outcome.errors.suffix(2000), as: UTF8.self)
        let words = said.split(separator: "\n").suffix(4).joined(separator: "; ")
        description = "\(what): \(outcome.description)" + (words.isEmpty ? "" : ": \(words)")
    }
}
