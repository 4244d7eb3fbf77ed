import BoringDeploy
import EventSourcing
import EvidenceBundle
import LedgerCore

/// Makes an evidence bundle of what a ledger holds: a function of the log, the scope and the seal.
package struct BundleExport: Sendable {
    private let log: any EventStore
    private let models: any ReadModelStore
    private let signer: EvidenceSigningKey
    private let tool: (name: String, version: String)

    /// Files that need no ledger: the independent verifier and how to use it.
    private let enclosed: [String: [UInt8]]

    package init(
        log: any EventStore, models: any ReadModelStore, signer: EvidenceSigningKey,
        tool: (name: String, version: String), enclosed: [String: [UInt8]]
    ) {
        self.log = log
        self.models = models
        self.signer = signer
        self.tool = tool
        self.enclosed = enclosed
    }

    /// What is asked for.
    package struct Request: Sendable {
        package var scope: BundleScope
        /// The position of a seal; nil for one that covers everything that is recorded now.
        package var seal: Position?
        /// An older size, from which the bundle proves that the log has continued.
        package var from: TreeSize?
        package var sample = EvidenceSample()
        /// Nil for the one that comes with Daybook.
        package var crosswalk: Crosswalk?

        package init(_ scope: BundleScope) { self.scope = scope }
    }

    /// The files of the bundle, by their paths.
    package func files(_ request: Request, at now: Timestamp) async throws -> [String: [UInt8]] {
        let key = try await ledgerKey()
        let sealing = LedgerSealing(log: log, models: models)
        let seal: RecordedSeal
        if let position = request.seal {
            seal = try await sealing.seal(at: position)
            guard try await isSignerTrusted(key, below: seal.sealed.size) else {
                throw BundleError(
                    .badInput,
                    "the ledger does not name this evidence key below the seal at position \(position); "
                        + "leave --seal out, or sign with the ledger's key")
            }
        } else {
            try await trustSigner(key, at: now)
            seal = try await sealing.seal(at: now)
        }
        guard seal.sealed.size.value == seal.position.value else {
            throw BundleError(
                .badInput,
                "the seal at position \(seal.position) does not cover all that stands before it; seal again"
            )
        }
        let selection = try await selection(request.scope, seal)
        let (proofs, checkpoint) = try await proofs(
            selection, of: try await sealing.index(of: seal), request)
        var files = enclosed
        let withheld = try await addAttachments(of: selection, to: &files)
        guard let entries = Self.lines(selection) else {
            throw BundleError(.damaged, "an event holds a line feed")
        }
        files[BundlePaths.entries] = entries
        files[BundlePaths.proofs] = CanonicalJSONWriter.bytes(of: proofs.json) + [0x0A]
        files[BundlePaths.checkpoint] = Array(checkpoint.note.description.utf8)
        var manifest = BundleManifest(
            tool: tool, key: key, scope: request.scope,
            complete: proofs.complete.map(\.leaf.leaf.key), absent: proofs.absent.map(\.key),
            seal: seal, checkpoint: checkpoint.head, withheld: withheld, files: [])
        let crosswalk = try request.crosswalk ?? Crosswalk.standard()
        files["crosswalk.json"] = crosswalk.source
        let releases = try await selection.releases()
        let report = EvidenceReport(
            scope: request.scope, releases: releases, members: selection.members, seal: seal,
            sample: request.sample, crosswalk: crosswalk,
            reconciliation: try await selection.reconciliation(
                people: releases.last { $0.people != nil }?.people))
        report.add(to: &files, manifest, proofs)
        manifest.files = files.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .map { BundleManifest.File(path: $0, files[$0] ?? []) }
        let bytes = CanonicalJSONWriter.bytes(of: manifest.json) + [0x0A]
        files[BundlePaths.manifest] = bytes
        try sign(releases, manifest: bytes, seal, into: &files)
        try Self.check(files, key)
        return files
    }

    /// A bundle that does not verify is never given out.
    private static func check(_ files: [String: [UInt8]], _ key: VerifierKey) throws {
        let report = BundleVerifier.verify(files: files, BundleTrust(key: key))
        guard report.verdict != .good else { return }
        let finding = report.findings.first
        let place = finding?.position.map { "position \($0): " } ?? ""
        throw BundleError(
            .damaged,
            "the bundle would not verify (\(place)\(finding?.detail ?? "nothing was proven")), so none was "
                + "made; run daybook verify, and delete the -models file beside the ledger")
    }

    /// The independent verifier, and how to use it.
    package static let documents: [String: [UInt8]] = [
        "verify.py": PackageResources.verify_py, "VERIFY.md": PackageResources.VERIFY_md,
    ]

    // MARK: Parts

    private func ledgerKey() async throws -> VerifierKey {
        guard let first = try await log.entry(at: .first) else {
            throw BundleError(.damaged, "the ledger has no entry at position 0")
        }
        return try LedgerCreated(eventBytes: first.eventBytes).key
    }

    /// Tells the ledger of a key that is not its own, so that who trusts the ledger can trust it.
    private func trustSigner(_ key: VerifierKey, at now: Timestamp) async throws {
        let head = try await log.head()
        guard try await !isSignerTrusted(key, below: head.size) else { return }
        let draft = try KeyTrusted(signer.publicKey).draft(
            origin: key.name, after: head.hash, at: now)
        _ = try await log.append([draft])
    }

    private func isSignerTrusted(
        _ key: VerifierKey, below size: TreeSize
    ) async throws -> Bool {
        if signer.publicKey == EvidencePublicKey(key.publicKey) { return true }
        var isTrusted = false
        try await BundleSelection(log, below: size).forEach(type: KeyTrusted.definition.type) {
            let data = try RecordedEvent($0).event.data ?? .null
            if (try? KeyTrusted(data: data))?.key == signer.publicKey { isTrusted = true }
        }
        return isTrusted
    }

    private func selection(
        _ scope: BundleScope, _ seal: RecordedSeal
    ) async throws -> BundleSelection {
        var selection = BundleSelection(log, below: seal.sealed.size)
        for position in [Position.first, seal.position] {
            if let entry = try await log.entry(at: position) { selection.add(entry) }
        }
        try await selection.addSupporting(KeyTrusted.definition.type)
        switch scope {
        case .release(let stream):
            try await selection.addStream(stream)
            guard selection.complete[scope.key] != nil else {
                throw BundleError(
                    .noSuchRelease,
                    "\(stream) is not in the ledger below the seal; see: daybook release list")
            }
        case .population(let type, let period):
            try await selection.addPopulation(type, period)
        }
        try await selection.addReconciliation()
        try await selection.addTimestamp()
        return selection
    }

    private func proofs(
        _ selection: BundleSelection, of index: SealedIndex, _ request: Request
    ) async throws -> (BundleProofs, checkpoint: (note: SignedNote, head: Checkpoint)) {
        let size = TreeSize(through: index.seal.position)
        guard let note = try await log.checkpoint(of: size) else {
            throw BundleError(
                .badInput, "no checkpoint was signed right after the seal; seal again")
        }
        let entries = selection.ordered
        let paths = try await log.inclusionProofs(of: entries.map(\.position), in: size)
        var complete: [BundleProofs.Completeness] = []
        for (key, tail) in selection.complete.sorted(by: { $0.key < $1.key }) {
            guard let leaf = try await index.leaf(of: key) else {
                throw BundleError(.damaged, "\(key) is not in the index; delete the -models file")
            }
            complete.append(
                BundleProofs.Completeness(
                    leaf: leaf, positions: tail.positions, before: tail.before, after: tail.after))
        }
        var absent: [AbsenceProof] = []
        let questions = EvidenceQuestions.absent + [request.scope.key]
        for key in Set(questions).sorted() where selection.complete[key] == nil {
            if let proof = try await index.absence(of: key) { absent.append(proof) }
        }
        var continuations: [BundleProofs.Continuation] = []
        let stamped = try Set(entries.compactMap(Self.stampedSize(of:)))
        for older in stamped.union([request.from].compactMap(\.self)).sorted() {
            continuations.append(try await continuation(older, to: size))
        }
        let proofs = BundleProofs(
            entries: Array(zip(entries, paths).map { (entry: $0, path: $1) }), complete: complete,
            absent: absent, consistency: continuations)
        return (proofs, (note, try Checkpoint(parsing: note.text)))
    }

    /// What an authority has seen, if the entry says so.
    private static func stampedSize(of entry: Entry) throws -> TreeSize? {
        let event = try RecordedEvent(entry).event
        guard event.type == CheckpointTimestamped.definition.type,
            event.subject == LedgerCreated.stream
        else { return nil }
        return (try? CheckpointTimestamped(data: event.data ?? .null))?.size
    }

    private func continuation(
        _ old: TreeSize, to size: TreeSize
    ) async throws -> BundleProofs.Continuation {
        guard let note = try await log.checkpoint(of: old) else {
            throw BundleError(.badInput, "the ledger has signed no checkpoint of size \(old)")
        }
        return BundleProofs.Continuation(
            size: old, root: try Checkpoint(parsing: note.text).root,
            path: try await log.consistencyProof(from: old, to: size))
    }

    private static func lines(_ selection: BundleSelection) -> [UInt8]? {
        var lines: [UInt8] = []
        for entry in selection.ordered {
            guard !entry.eventBytes.contains(0x0A) else { return nil }
            lines += entry.eventBytes + [0x0A]
        }
        return lines
    }

    /// Those that are too large stay out, and so do bundles, which would grow by holding each other.
    private func addAttachments(
        of selection: BundleSelection, to files: inout [String: [UInt8]]
    ) async throws -> [Digest] {
        var withheld: Set<Digest> = []
        var room = ArchiveLimits.total / 2
        // A time stamp without its attachments would be a finding, so they come first.
        let events = try selection.ordered.map { try RecordedEvent($0).event }
        let stamps = events.filter { $0.type == CheckpointTimestamped.definition.type }
        for event in stamps + events {
            for digest in event.attachments where files[BundlePaths.attachment(digest)] == nil {
                guard let attachment = try await log.attachment(digest),
                    attachment.bytes.count <= min(room, ArchiveLimits.member),
                    event.type != BundleExported.definition.type
                else {
                    withheld.insert(digest)
                    continue
                }
                room -= attachment.bytes.count
                files[BundlePaths.attachment(digest)] = attachment.bytes
            }
        }
        return withheld.filter { files[BundlePaths.attachment($0)] == nil }
            .sorted { $0.hex < $1.hex }
    }

    private func sign(
        _ releases: [ReleaseEvidence], manifest: [UInt8], _ seal: RecordedSeal,
        into files: inout [String: [UInt8]]
    ) throws {
        let statements = EvidenceStatement.all(
            releases, manifest: SHA256.hash(manifest), sealedAt: seal.recordedTime,
            tool: "\(tool.name)/\(tool.version)")
        var lines: [UInt8] = []
        for statement in statements {
            let envelope = try Envelope(signing: statement.value, with: signer)
            lines += envelope.line
            files[BundlePaths.sigstore(statement.name)] = envelope.sigstoreBundle
        }
        files[BundlePaths.statements] = lines
    }
}
