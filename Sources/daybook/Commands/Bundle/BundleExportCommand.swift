import ArgumentParser
import BoringDeploy
import EventSourcing
import EvidenceBundle
import LedgerCore
import Operations
import SQLiteStore

struct BundleExportCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Put all evidence of a release, or of a period, into one file.",
        discussion: """
            The file shows that nothing was left out, verifies offline, and opens in a browser. Seals the ledger first, unless
            a seal is named.

              daybook bundle export 1.5.0 --to shop-1.5.0.zip
              daybook bundle export --type release.promoted --since 2026-07-01 --until 2026-10-01 --to quarter.zip
            """)

    @OptionGroup var writing: WritingOptions
    @OptionGroup var format: OutputOptions

    @Argument(help: "The release, as 1.5.0 or shop/1.5.0.")
    var release: String?

    @Option(help: "Every event of this type instead, as release.promoted.")
    var type: String?

    @Option(help: "From this time of recording on: a day in UTC, or an RFC 3339 time.")
    var since: String?

    @Option(help: "Until before this time.")
    var until: String?

    @Option(help: ArgumentHelp("The file to make.", valueName: "file"))
    var to: String

    @Option(help: ArgumentHelp("The position of the seal to rest on.", valueName: "position"))
    var seal: UInt64?

    @Option(
        help: ArgumentHelp(
            "Prove as well that the log continues the checkpoint of this size.", valueName: "size"))
    var from: UInt64?

    @Option(
        help: ArgumentHelp(
            "The key that signs the bundle: Ed25519 or ECDSA P-256 in PEM. Else the ledger's own.",
            valueName: "file"))
    var evidenceKey: String?

    @Option(help: "How many of a population to draw for sample.csv.")
    var sample: Int = 25

    @Option(help: "The seed of the sample, any text. Else the seal's hash.")
    var seed: String?

    @Option(
        help: ArgumentHelp(
            "Which evidence each control asks for, instead of Daybook's own list.",
            valueName: "file")
    )
    var crosswalk: String?

    func validate() throws {
        guard (release == nil) != (type == nil) else {
            throw ValidationError(
                release == nil ? "name a release, or give --type" : "a release or --type, not both")
        }
        guard type?.isEmpty != true else {
            throw ValidationError("--type is empty; name a type of events, as release.promoted")
        }
        guard type != nil || (since == nil && until == nil && seed == nil) else {
            throw ValidationError("--since, --until and --seed go with --type")
        }
        guard (1...1_000_000).contains(sample) else {
            throw ValidationError("--sample is a number from 1 to 1000000")
        }
        guard !to.isEmpty else { throw ValidationError("--to is empty; name a file") }
    }

    func execute() async throws {
        var request = BundleExport.Request(try scope())
        request.seal = seal.map { Position($0) }
        request.from = from.map { TreeSize($0) }
        request.sample = EvidenceSample(seed: seed.map { Array($0.utf8) }, size: sample)
        if let crosswalk {
            let bytes = try Files.read(crosswalk)
            do throws(EventError) {
                request.crosswalk = try Crosswalk(reading: bytes)
            } catch {
                throw Failure(.badInput, "\(crosswalk): \(error)")
            }
        }
        try BundleFile.checkFree(to)
        let files = try await writing.withStore { store in
            if case .population(let type, _) = request.scope {
                try await Self.tellIfUnknown(type, to: store)
            }
            return try await writing.bundleExport(of: store, evidenceKey: evidenceKey)
                .files(request, at: SystemClock.now())
        }
        try BundleFile.write(files, to: to)
        switch format.output {
        case .json:
            try StandardOutput.writeLine([
                "file": .string(to), "files": .integer(files.count),
                "sha256": .string(SHA256.hash(try Files.read(to, atMost: 2 << 30)).hex),
            ])
        case .table:
            try StandardOutput.write(
                "\(to): \(files.count) files; verify it with: daybook bundle verify \(to) --key KEY\n"
            )
        }
    }

    /// A type without any event may be meant, and may be misspelt.
    private static func tellIfUnknown(_ type: EventType, to store: any EventStore) async throws {
        var query = EntryQuery(from: .first, limit: 1)
        query.type = type
        guard try await store.entries(query).isEmpty else { return }
        StandardError.write("the ledger has no entry of type \(type)\n")
    }

    private func scope() throws -> BundleScope {
        if let release {
            return .release(
                try ReleaseName.stream(release) {
                    guard let project = try ConfigurationFile.nearest()?.configuration.project
                    else {
                        throw Failure(
                            .usage,
                            "give the release as PROJECT/VERSION: there is no daybook.yaml that names the project"
                        )
                    }
                    return project
                })
        }
        let period = BundleScope.Period(
            since: try since.map { try time($0, "--since") },
            until: try until.map { try time($0, "--until") })
        if let since = period.since, let until = period.until, until <= since {
            throw Failure(.usage, "--until is not after --since")
        }
        return .population(EventType(expanding: type ?? ""), period)
    }

    private func time(_ text: String, _ option: String) throws -> Timestamp {
        let isDay = text.utf8.count == 10
        // In UTC it may be of the year 10000.
        guard let time = Timestamp(rfc3339: isDay ? text + "T00:00:00Z" : text),
            Timestamp(recorded: time.description) == time
        else {
            throw Failure(
                .usage, "\(option) is not a day like 2026-07-01, or an RFC 3339 time: \(text)")
        }
        return time
    }
}

extension WritingOptions {
    /// - Parameter evidenceKey: The PEM file of the key that signs bundles; else the ledger's own.
    func bundleExport(
        of store: any EventStore, evidenceKey: String?
    ) throws -> BundleExport {
        BundleExport(
            log: store, models: try SQLiteReadModelStore.open(beside: ledger.file()),
            signer: try signer(evidenceKey), tool: ("daybook", Daybook.version),
            enclosed: BundleExport.documents)
    }

    private func signer(_ evidenceKey: String?) throws -> EvidenceSigningKey {
        guard let evidenceKey else {
            let path = try key ?? ledger.file().defaultKeyPath
            return EvidenceSigningKey(try SigningKeyFile.read(path))
        }
        let pem = try Files.read(evidenceKey)
        do throws(CryptoError) {
            return try EvidenceSigningKey(pem: pem)
        } catch {
            throw Failure(.badInput, "\(evidenceKey): \(error)")
        }
    }
}
