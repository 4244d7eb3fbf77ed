import ArgumentParser
import EventSourcing
import LedgerCore
import SQLiteStore

struct SealCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "seal",
        abstract: "Commit the ledger's index, which proves that nothing was left out.",
        discussion: """
            Writes an event with the root of the index over all keys (docs/spec/index.md). Does nothing if nothing was recorded
            since the newest seal. Bundles seal by themselves.

              daybook seal
            """)

    @OptionGroup var writing: WritingOptions
    @OptionGroup var format: OutputOptions

    func execute() async throws {
        let models = try SQLiteReadModelStore.open(beside: writing.ledger.file())
        let (seal, isNew) = try await writing.withStore { store in
            let sealing = LedgerSealing(log: store, models: models)
            if let seal = try await sealing.current() { return (seal, false) }
            return (try await sealing.seal(at: SystemClock.now()), true)
        }
        switch format.output {
        case .json:
            var object = seal.sealed.data.object ?? JSONObject()
            object["position"] = .number(Double(seal.position.value))
            object["new"] = .bool(isNew)
            try StandardOutput.writeLine(.object(object))
        case .table:
            let (size, index) = (seal.sealed.size, seal.sealed.index)
            try StandardOutput.write(
                "\(isNew ? "sealed" : "still sealed by position \(seal.position):") \(size) entries, "
                    + "\(index.keys) keys, index root \(index.root)\n")
        }
    }
}
