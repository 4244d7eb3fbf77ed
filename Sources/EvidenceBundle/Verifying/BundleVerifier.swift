import EventSourcing
import LedgerCore

/// Verifies a bundle (docs/spec/bundle.md, "Checks"): one file of this folder for each group of
/// checks. Everything that is wrong is reported, not the first alone.
package struct BundleVerifier {
    let files: [String: [UInt8]]
    let trust: BundleTrust
    private(set) var report: BundleReport

    var manifest: BundleManifest?
    var proofs: BundleProofs?
    /// As `checkpoint.txt` says it, whoever signed it.
    var checkpoint: Checkpoint?
    /// By which signatures are checked: the one from outside, else the one that the bundle names.
    var key: VerifierKey?
    /// Those whose lines could be read, in the order of the lines.
    var entries: [BundledEntry] = []

    /// Verifies the bytes of a bundle's file.
    package static func verify(archive: [UInt8], _ trust: BundleTrust) -> BundleReport {
        let files: [String: [UInt8]]
        do throws(ArchiveError) {
            files = try ArchiveReader.files(in: archive)
        } catch {
            var report = BundleReport(isTrusted: trust.key != nil)
            report.checked = [.archive]
            report.findings = [BundleFinding(kind: .archive, detail: error.description)]
            return report
        }
        return verify(files: files, trust)
    }

    /// Verifies the files that a bundle's archive holds, by their paths.
    package static func verify(
        files: [String: [UInt8]], _ trust: BundleTrust
    ) -> BundleReport {
        var verifier = BundleVerifier(files: files, trust: trust)
        verifier.run()
        return verifier.report
    }

    private init(files: [String: [UInt8]], trust: BundleTrust) {
        self.files = files
        self.trust = trust
        report = BundleReport(isTrusted: trust.key != nil)
        report.timestamps = trust.authorities == nil ? nil : []
    }

    mutating func find(
        _ kind: BundleFinding.Kind, _ detail: String, file: String? = nil, line: Int? = nil,
        at position: Position? = nil
    ) {
        report.findings.append(
            BundleFinding(kind: kind, file: file, line: line, position: position, detail: detail))
    }

    private mutating func run() {
        report.checked = BundleFinding.Kind.allCases.filter {
            switch $0 {
            case .trustedKey: trust.key != nil
            case .trustedCheckpoint: !trust.checkpoints.isEmpty
            default: true
            }
        }
        readManifest()
        checkFiles()
        readProofs()
        report.manifest = manifest
        checkTrustedKey()
        checkCheckpoint()
        checkEntries()
        checkConsistency()
        if manifest != nil, proofs != nil, files[BundlePaths.entries] != nil {
            checkSeal()
            checkIndex()
            checkScope()
        } else {
            leaveUnchecked("what depends on files that are missing or malformed")
        }
        checkAttachments()
        checkStatements()
        checkTimestamps()
        report.checkpoint = checkpoint
        sayWhatIsOpen()
    }

    // MARK: manifest.json and the files

    private mutating func readManifest() {
        guard let bytes = files[BundlePaths.manifest] else { return }
        do throws(FormatError) {
            manifest = try BundleManifest(reading: bytes)
        } catch {
            find(.manifest, error.description, file: BundlePaths.manifest)
        }
    }

    private mutating func checkFiles() {
        let required = [
            BundlePaths.manifest, BundlePaths.entries, BundlePaths.proofs, BundlePaths.checkpoint,
            BundlePaths.statements,
        ]
        for path in required where files[path] == nil {
            find(.manifest, "\(path) is missing", file: path)
        }
        if !files.keys.contains(where: BundlePaths.isSigstore) {
            find(.manifest, "there is no file in sigstore/", file: BundlePaths.sigstore)
        }
        guard let manifest else { return }
        for file in manifest.files {
            guard let bytes = files[file.path] else {
                if !required.contains(file.path) {
                    find(.manifest, "\(file.path) is missing", file: file.path)
                }
                continue
            }
            if BundlePaths.isOutsideManifest(file.path) {
                find(.manifest, "\(file.path) may not stand in the manifest", file: file.path)
            } else if bytes.count != file.size || SHA256.hash(bytes) != file.digest {
                find(.manifest, "\(file.path) is not the file that was exported", file: file.path)
            }
        }
        let listed = Set(manifest.files.map(\.path))
        for path in files.keys.sorted()
        where !listed.contains(path) && !BundlePaths.isOutsideManifest(path) {
            find(.manifest, "\(path) is not in the manifest", file: path)
        }
    }

    private mutating func readProofs() {
        guard let bytes = files[BundlePaths.proofs] else { return }
        do throws(FormatError) {
            proofs = try BundleProofs(reading: bytes)
        } catch {
            find(.proof, error.description, file: BundlePaths.proofs)
        }
    }

    private mutating func sayWhatIsOpen() {
        if trust.key == nil {
            report.unchecked.append(
                "no key from outside: this bundle agrees with itself, and whoever made it could have "
                    + "made all of it up. Give the ledger's verifier key, from its publisher, with --key"
            )
        }
        if let withheld = manifest?.withheld, !withheld.isEmpty {
            report.unchecked.append(
                withheld.count == 1
                    ? "what one attachment holds: only its digest is here"
                    : "what \(withheld.count) attachments hold: only their digests are here")
        }
        report.unchecked.append(
            "whether the page, the tables and other derived files tell of the entries truly: only their "
                + "hashes were compared")
        report.unchecked.append(
            "whether everything that happened was recorded: no ledger can show that")
    }

    mutating func leaveOpen(_ sentence: String) {
        report.unchecked.append(sentence)
        report.isOpen = true
    }

    mutating func leaveUnchecked(_ sentence: String) { report.unchecked.append(sentence) }

    mutating func count(entries: Int) { report.entries = entries }

    mutating func note(sealedAt time: Timestamp) { report.sealedAt = time }

    mutating func note(_ stamp: RecordedStamp) { report.timestamps?.append(stamp) }
}
