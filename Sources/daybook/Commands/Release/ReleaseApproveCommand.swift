import ArgumentParser
import BoringDeploy
import EventSourcing
import Foundation
import LedgerCore
import Operations

struct ReleaseApproveCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approve a release as it was cut, signed with an SSH key.",
        discussion: """
            The signature is made by ssh-keygen, so that agents and hardware keys work; it names the release, the hash of its
            cut, and you. A new cut makes it stale.

              daybook release approve 1.5.0 --as bob --key ~/.ssh/id_ed25519
            """)

    @OptionGroup var ledger: SignedWritingOptions
    @OptionGroup var format: OutputOptions
    @OptionGroup var signer: SigningOptions

    @Argument(help: "The release, as 1.5.0 or shop/1.5.0.")
    var release: String

    @Flag(help: "Without a signature; counts only where daybook.yaml allows it, and is marked.")
    var unsigned = false

    /// The variable is the ledger's key, not a person's.
    static func ignoredVariables(with arguments: [String]) -> Set<String> { ["key"] }

    func execute() async throws {
        let project = try Project()
        let person = try signer.person(in: project.configuration)
        let receipt = try await ledger.withStore { store in
            let log = try project.log(store)
            let history = try await project.history(of: release, in: log)
            guard let cut = history.cut else { throw Failure(.noInput, "it has not been cut") }
            if let fault = Independence(project.configuration.people).fault(
                of: person, in: cut.payload)
            {
                throw Failure(
                    .notAllowed, "\(fault); an approver must be someone else, known to daybook.yaml"
                )
            }
            if unsigned, project.configuration.gates.approvals?.takesUnsigned != true {
                throw Failure(
                    .notAllowed,
                    "daybook.yaml does not allow unsigned approvals; sign with --key PATH")
            }
            let statement = SignedStatement(
                .approve, release: history.stream.text, cut: cut.fact.hash, person: person.name)
            let signature =
                unsigned ? nil : try await signer.sign(statement, in: project.configuration)
            return try await log.append(
                ApprovalGranted(person: person.name, cut: cut.fact.hash, signature: signature),
                to: history.stream, after: history.streamVersion)
        }
        try receipt.write(
            "approved \(release) as \(signer.as)\(unsigned ? ", UNSIGNED" : "")", format)
        for fault in project.configuration.gates.faults(of: person) {
            StandardError.write("daybook: \(Table.printable(fault))\n")
        }
    }
}

struct ReleaseRevokeCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Take an approval back.",
        discussion: "  daybook release revoke 1.5.0 --as bob --reason \"found a race\"")

    @OptionGroup var ledger: WritingOptions
    @OptionGroup var format: OutputOptions

    @Argument(help: "The release, as 1.5.0 or shop/1.5.0.")
    var release: String

    @Option(help: "Whose approval, by the name in daybook.yaml.")
    var `as`: String

    @Option(help: "Why.")
    var reason: String

    func execute() async throws {
        let project = try Project()
        let receipt = try await ledger.withStore { store in
            let log = try project.log(store)
            let history = try await project.history(of: release, in: log)
            guard
                let approval = history.all(ApprovalGranted.self).last(where: {
                    $0.payload.person == self.as
                })
            else {
                throw Failure(.noInput, "\(self.as) has not approved \(history.stream)")
            }
            return try await log.append(
                ApprovalRevoked(person: self.as, cut: approval.payload.cut, reason: reason),
                to: history.stream, after: history.streamVersion)
        }
        try receipt.write("revoked \(self.as)'s approval of \(release)", format)
    }
}

/// Who signs, and with what.
struct SigningOptions: ParsableArguments {
    @Option(help: "Your name in daybook.yaml.")
    var `as`: String

    @Option(
        help: ArgumentHelp(
            "Your SSH key: the private key's file, or the public one's if an agent holds it.",
            valueName: "path"))
    var key: String?

    func person(in configuration: Configuration) throws -> Person {
        guard let person = configuration.person(self.as) else {
            let known = configuration.people.map(\.name).joined(separator: ", ")
            throw Failure(
                .usage, "\"\(self.as)\" is not among people of daybook.yaml; there are: \(known)")
        }
        return person
    }

    func sign(_ statement: SignedStatement, in configuration: Configuration) async throws -> String
    {
        guard let key else {
            throw Failure(.usage, "name your SSH key with --key PATH")
        }
        guard FileManager.default.fileExists(atPath: key) else {
            throw Failure(.noInput, "there is no key at \(key)")
        }
        switch await SSHSigner(ExecCommandRunner()).sign(statement, key: key) {
        case .failed(let why): throw Failure(.failed, why)
        case .signed(let signature):
            if let fault = statement.fault(of: signature, in: configuration.people) {
                throw Failure(
                    .notAllowed,
                    "\(fault); list the key under people.\(self.as).keys in daybook.yaml")
            }
            return signature
        }
    }
}

extension Receipt {
    /// What was done, or the receipt itself.
    func write(_ sentence: String, _ format: OutputOptions) throws {
        switch format.output {
        case .json: try StandardOutput.writeLine(json)
        case .table: try StandardOutput.write("\(sentence) (position \(position))\n")
        }
    }
}
