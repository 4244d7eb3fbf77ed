import ArgumentParser
import BoringDeploy
import EventSourcing
import LedgerCore
import Operations

struct OverrideCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "override", abstract: "Set a gate aside, with a signed reason.",
        subcommands: [OverrideGrantCommand.self])
}

struct OverrideGrantCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant",
        abstract: "Set one gate aside for one release, for a while, with a signed reason.",
        discussion: """
            It shows in the release's status, notes and bundles.

              daybook override grant 1.5.0 --gate freezes --reason "security fix" --for 2h --as bob --key ~/.ssh/id_ed25519
            """)

    @OptionGroup var ledger: SignedWritingOptions
    @OptionGroup var format: OutputOptions
    @OptionGroup var signer: SigningOptions

    @Argument(help: "The release, as 1.5.0 or shop/1.5.0.")
    var release: String

    @Option(help: "The gate's name.")
    var gate: String

    @Option(help: "Why; whoever audits this will read it.")
    var reason: String

    @Option(name: .customLong("for"), help: "How long it holds, as 2h; at most 7d.")
    var duration: String

    func validate() throws {
        guard Gates.names.contains(gate) else {
            throw ValidationError(
                "there is no gate \(gate); there are: \(Gates.names.joined(separator: ", "))")
        }
        guard reason.contains(where: { !$0.isWhitespace }) else {
            throw ValidationError("--reason is empty; say why")
        }
    }

    /// The variable is the ledger's key, not a person's.
    static func ignoredVariables(with arguments: [String]) -> Set<String> { ["key"] }

    func execute() async throws {
        guard let duration = Duration(configured: self.duration), duration > .zero,
            duration <= .seconds(7 * 86_400)
        else {
            throw Failure(.usage, "--for \"\(self.duration)\": give it as 30m or 2h, at most 7d")
        }
        let project = try Project()
        let person = try signer.person(in: project.configuration)
        let expires = SystemClock.now() + duration
        let receipt = try await ledger.withStore { store in
            let log = try project.log(store)
            let history = try await project.history(of: release, in: log)
            guard let cut = history.cut else { throw Failure(.noInput, "it has not been cut") }
            if let fault = Overrides.fault(of: person, in: cut.payload, project.configuration) {
                throw Failure(.notAllowed, "\(fault), so they cannot override a gate of it")
            }
            let statement = OverrideGranted.statement(
                gate: gate, person: person.name, release: history.stream.text, cut: cut.fact.hash,
                reason: reason, expires: expires)
            return try await log.append(
                OverrideGranted(
                    gate: gate, person: person.name, cut: cut.fact.hash, reason: reason,
                    expires: expires,
                    signature: try await signer.sign(statement, in: project.configuration)),
                to: history.stream, after: history.streamVersion)
        }
        try receipt.write("\(gate) is overridden for \(release) until \(expires)", format)
    }
}
