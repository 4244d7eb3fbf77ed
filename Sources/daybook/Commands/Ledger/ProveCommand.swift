import ArgumentParser
import EventSourcing
import LedgerCore

struct ProveCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Prove that an entry is in the log, or that the log continues an older one.",
        discussion: """
            With a position: a C2SP transparency proof of that entry. With --from: a consistency proof from an older size,
            in the form that a C2SP witness takes.

              daybook prove 41 > entry-41.proof
              daybook prove --from 1000
            """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var format: OutputOptions

    @Argument(help: "The entry's position.")
    var position: UInt64?

    @Option(help: "The older size.")
    var from: UInt64?

    func validate() throws {
        guard (position == nil) != (from == nil) else {
            throw ValidationError("give either a position or --from SIZE")
        }
    }

    func execute() async throws {
        let store = try ledger.openForReading()
        if let position {
            let proof = try await store.proveInclusion(of: Position(position))
            try format.write(proof.description, named: "proof")
        } else if let from {
            let proof = try await store.proveConsistency(from: TreeSize(from))
            try format.write(proof.description, named: "proof")
        }
    }
}
