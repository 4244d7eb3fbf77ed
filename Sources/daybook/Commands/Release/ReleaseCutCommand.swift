import ArgumentParser
import BoringDeploy
import EventSourcing
import Foundation
import LedgerCore
import Operations

struct ReleaseCutCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "cut",
        abstract: "Record what exactly is released, as one event, and print version and receipt.",
        discussion: """
            Plans as `release plan` does, and appends release.cut to the stream release/<project>/<version>: the commit,
            its changes and their authors, migrations and artifacts by digest. A job that runs again gets the first
            receipt; with nothing to release it ends with 1.

              daybook release cut --artifact shop.tar.gz=build/shop.tar.gz --tag
              daybook release cut --pre rc --pulls pulls.json -o json
            """)

    @OptionGroup var source: ReleaseSourceOptions
    @OptionGroup var writing: WritingOptions
    @OptionGroup var format: OutputOptions

    @Option(help: ArgumentHelp("What is deployed; may be repeated.", valueName: "name=path"))
    var artifact: [String] = []

    @Flag(help: "Make an annotated tag on the commit.")
    var tag = false

    @Flag(help: "Cut a version once more; the approvals of the cut before become stale.")
    var again = false

    @Option(help: "Who cuts: a login or an address. Else the CI's user, or git's.")
    var actor: String?

    func execute() async throws {
        let cutting = try source.cutting()
        var request = try source.request()
        request.artifacts = try artifact.map(Artifact.init(option:))
        let names = request.artifacts.map(\.name)
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw Failure(.usage, "--artifact names \(twice) twice")
        }
        request.makesTag = tag
        request.again = again
        let origin = try await Caller(actor: actor).origin(
            in: GitRepository(source.repository, runner: ExecCommandRunner()))
        let (cutRequest, now) = (request, SystemClock.now)
        let outcome = try await writing.withStore { store in
            try await cutting.cut(cutRequest, by: origin, into: store, now: now)
        }
        switch outcome {
        case .cut(let cut, let receipt): try write(cut, receipt)
        case .nothing(let planned):
            throw Failure(.failed, "there is nothing to release: \(planned.plan.reason)")
        }
    }

    private func write(_ cut: ReleaseCut, _ receipt: Receipt) throws {
        switch format.output {
        case .json:
            try StandardOutput.writeLine([
                "version": .string(cut.version), "previous": .optional(cut.previous),
                "commit": .string(cut.commit), "reason": .string(cut.reason),
                "receipt": receipt.json,
            ])
        case .table:
            try Table.write(record: [
                ("version", cut.version), ("previous", cut.previous ?? "–"),
                ("commit", cut.commit), ("reason", cut.reason), ("changes", "\(cut.changeCount)"),
                ("migrations", "\(cut.migrations.count)"), ("cutter", cut.cutter.mailbox),
                ("position", "\(receipt.position)"), ("hash", receipt.hash.hex),
                ("duplicate", receipt.isDuplicate ? "yes" : "no"),
                ("assurance", receipt.assurance.rawValue),
            ])
        }
    }
}

extension Artifact {
    /// `NAME=PATH`: hashes the file, which may be large and is not kept.
    fileprivate init(option text: String) throws {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw Failure(.usage, "--artifact \"\(text)\": give it as NAME=PATH")
        }
        let path = String(parts[1])
        let file: Data
        do {
            file = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        } catch {
            // For its message, and its exit code.
            _ = try Files.read(path, atMost: 1)
            throw Failure(.inputOutput, "\(path) cannot be read")
        }
        var hasher = SHA256()
        let digest = file.withUnsafeBytes { hasher.hash($0) }
        self.init(name: String(parts[0]), digest: digest, size: file.count)
    }
}
