import ArgumentParser
import EventSourcing
import Foundation
import LedgerCore
import SQLiteStore

struct InitCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Create a ledger and its signing key.",
        discussion: """
            Prints the verifier key: publish it where auditors find it, for it is what they trust.

              daybook init --ledger evidence.db --origin example.com/shop
            """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var format: OutputOptions

    @Option(help: "The ledger's name in the world, as example.com/shop; also its key's name.")
    var origin: String

    @Option(
        help:
            "An Ed25519 key in PEM that is there already. Else a new one is made beside the ledger."
    )
    var key: String?

    func execute() throws {
        let file = try ledger.file()
        let origin = try originName()
        guard !file.exists else {
            throw Failure(.cannotCreate, "\(file.path) is there already; it is never overwritten")
        }
        let keyPath = key ?? file.defaultKeyPath
        let signingKey = try key.map { try SigningKeyFile.read($0) } ?? makeKey(keyPath)
        let signer = LedgerSigner(origin: origin, key: signingKey)
        do {
            try SQLiteEventStore.create(file, signer: signer, clock: SystemClock.now)
        } catch {
            // A key that signs nothing would stand in the way of the next try.
            if key == nil { unlink(keyPath) }
            throw error
        }
        try report(file, keyPath, signer.verifierKey)
    }

    private func originName() throws -> KeyName {
        let name: KeyName
        do {
            name = try KeyName(origin)
            // The origin is also the source of the ledger's own events.
            _ = try LedgerCreated(
                key: VerifierKey(
                    name: name,
                    publicKey: SigningKey(seed: Array(repeating: 0, count: 32)).publicKey)
            ).draft(at: SystemClock.now())
        } catch {
            throw Failure(
                .usage,
                "--origin \"\(origin)\" cannot name a ledger; use a host and a path, as example.com/shop"
            )
        }
        return name
    }

    private func makeKey(_ path: String) throws -> SigningKey {
        let key = try SigningKey.generate()
        do {
            try SigningKeyFile.create(path, key)
        } catch let failure as Failure where failure.description.contains("never overwritten") {
            throw Failure(
                .cannotCreate,
                "the key \(path) is there already and is never overwritten; use it with --key \(path)"
            )
        }
        return key
    }

    private func report(_ file: LedgerFile, _ keyPath: String, _ verifier: VerifierKey) throws {
        switch format.output {
        case .json:
            try StandardOutput.writeLine([
                "ledger": .string(file.path), "key": .string(keyPath),
                "origin": .string(verifier.name.text), "verifier": .string(verifier.description),
            ])
        case .table:
            try Table.write(record: [
                ("ledger", file.path), ("signing key", keyPath),
                ("verifier key", verifier.description),
            ])
        }
    }
}
