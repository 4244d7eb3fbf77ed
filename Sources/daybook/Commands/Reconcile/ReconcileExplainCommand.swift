import ArgumentParser
import BoringDeploy
import EventSourcing
import LedgerCore
import Operations

struct ReconcileExplainCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract:
            "Answer for something that the newest reconciliation has found, with a signed reason.",
        discussion: """
            It is told with the explanation from then on, in reconciliations and bundles.

              daybook reconcile explain tag:v1.4.9 --reason "cut by hand before Daybook" --as bob --key ~/.ssh/id_ed25519
            """)

    @OptionGroup var ledger: SignedWritingOptions
    @OptionGroup var format: OutputOptions
    @OptionGroup var signer: SigningOptions

    @Argument(help: "The item, as daybook reconcile names it.")
    var item: String

    @Option(help: "Why; whoever audits this will read it.")
    var reason: String

    func validate() throws {
        guard reason.contains(where: { !$0.isWhitespace }) else {
            throw ValidationError("--reason is empty; say why")
        }
    }

    /// The variable is the ledger's key, not a person's.
    static func ignoredVariables(with arguments: [String]) -> Set<String> { ["key"] }

    func execute() async throws {
        let project = try Project()
        let person = try signer.person(in: project.configuration)
        let receipts = try await ledger.withStore { store in
            guard let found = try await store.newestReconciliation() else {
                throw Failure(.noInput, "nothing was reconciled yet; run daybook reconcile")
            }
            // Two comparisons may have found it.
            let all = try await store.discrepancies(of: found.completed).filter { $0.item == item }
            guard !all.isEmpty else {
                throw Failure(
                    .noInput,
                    "the newest reconciliation (position \(found.position)) has not found \(item)")
            }
            var receipts: [Receipt] = []
            for discrepancy in all {
                let statement = DiscrepancyExplained.statement(
                    discrepancy, person: person.name, reason: reason, found: found.hash)
                receipts.append(
                    try await project.log(store).append(
                        DiscrepancyExplained(
                            discrepancy, person: person.name, reason: reason, found: found.hash,
                            signature: try await signer.sign(statement, in: project.configuration)))
                )
            }
            return receipts
        }
        for receipt in receipts {
            try receipt.write("\(item) is explained by \(person.name)", format)
        }
    }
}
