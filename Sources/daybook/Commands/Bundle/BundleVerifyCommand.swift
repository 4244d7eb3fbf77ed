import ArgumentParser
import EvidenceBundle
import LedgerCore

struct BundleVerifyCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every byte of an evidence bundle, offline.",
        discussion: """
            Needs the ledger's verifier key, from its publisher. Without it the bundle can only be shown to agree with itself
            (exit code 13). Exits with 11 if anything is wrong, and lists everything that is.

              daybook bundle verify shop-1.5.0.zip --key example.com/shop+5b3a…+AX…
            """)

    @OptionGroup var format: OutputOptions

    @Argument(help: "The bundle's file.")
    var file: String

    @Option(
        help: ArgumentHelp(
            "The verifier key that was published, or a file with it.", valueName: "vkey"))
    var key: String?

    @Option(
        help: ArgumentHelp(
            "A checkpoint of the ledger that you kept; may be repeated.", valueName: "file"))
    var checkpoint: [String] = []

    @Option(
        help: ArgumentHelp(
            "The certificates (PEM) of the authorities that may have stamped checkpoints.",
            valueName: "file"))
    var timestampCa: String?

    /// `DAYBOOK_KEY` is a signing key of whoever runs the ledger, never an auditor's trust.
    static func ignoredVariables(with arguments: [String]) -> Set<String> { ["DAYBOOK_KEY"] }

    func execute() async throws {
        var trust = BundleTrust(key: try key.map(VerifierKey.init(argument:)))
        for path in checkpoint {
            let bytes = try Files.read(path)
            do throws(NoteError) {
                let note = try SignedNote(parsing: bytes)
                _ = try Checkpoint(parsing: note.text)
                trust.checkpoints.append((Files.name(path), note))
            } catch {
                throw Failure(.badInput, "\(Files.name(path)): \(error)")
            }
        }
        trust.authorities = try timestampCa.map(TimestampAuthorities.init(file:))
        let bytes = try Files.read(file, atMost: 2 << 30)
        let report = BundleVerifier.verify(archive: bytes, trust)
        switch format.output {
        case .json: try StandardOutput.writeLine(report.json)
        case .table: try write(report)
        }
        switch report.verdict {
        case .good: return
        case .bad: throw Failure(.verificationFailed, "")
        case .consistent: throw Failure(.inconclusive, "")
        }
    }

    private func write(_ report: BundleReport) throws {
        for finding in report.findings {
            let line = finding.line.map { ":\($0)" } ?? ""
            let position = finding.position.map { ", position \($0)" } ?? ""
            let place = (finding.file ?? "bundle") + line + position
            try StandardOutput.write(
                Style.bad(Table.printable("\(place): \(finding.kind.rawValue): "))
                    + Table.printable(finding.detail) + "\n")
        }
        if let manifest = report.manifest {
            try Table.write(record: [
                ("bundle of", manifest.scope.key.text), ("origin", manifest.key.name.text),
                ("entries", "\(report.entries) of \(manifest.checkpointSize)"),
                ("root", manifest.checkpointRoot.hex),
                (
                    "sealed",
                    "by entry \(manifest.sealPosition)"
                        + (report.sealedAt.map { " at \($0); nothing later is covered" } ?? "")
                ),
                ("checked", report.checked.map(\.rawValue).joined(separator: ", ")),
            ])
        }
        try writeProven(report)
        for sentence in report.unchecked { try StandardOutput.write("not checked  \(sentence)\n") }
        let count = report.findings.count
        let verdict =
            switch report.verdict {
            case .good: Style.good("verified: \(report.entries) entries, no findings")
            case .consistent: "consistent, but not proven"
            case .bad: Style.bad("NOT verified: \(count) finding\(count == 1 ? "" : "s")")
            }
        try StandardOutput.write(verdict + "\n")
    }
}

extension BundleVerifyCommand {
    /// Which questions the bundle answers: whoever made it chose them.
    private func writeProven(_ report: BundleReport) throws {
        guard let manifest = report.manifest, report.findings.isEmpty else { return }
        for key in manifest.complete {
            var period = ""
            if case .population(_, let asked) = manifest.scope, key == manifest.scope.key {
                period =
                    (asked.since.map { ", since \($0)" } ?? "")
                    + (asked.until.map { ", until \($0)" } ?? "")
            }
            try StandardOutput.write(Table.printable("complete     \(key)\(period)") + "\n")
        }
        for key in manifest.absent {
            try StandardOutput.write(Table.printable("absent       \(key)") + "\n")
        }
        for stamp in report.timestamps ?? [] {
            try StandardOutput.write("stamped      \(stamp.sentence)\n")
        }
    }
}
