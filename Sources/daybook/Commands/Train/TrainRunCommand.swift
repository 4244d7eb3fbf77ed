import ArgumentParser
import BoringDeploy
import EventSourcing
import Foundation
import LedgerCore
import Operations

struct TrainRunCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Take a release through every step of the train, from where it stands.",
        discussion: """
            Everything that happens is recorded, what is about to happen before it does: run it again after any interruption, on any
            machine, and it goes on from the log. Exits with 0 when every step has passed, 10 when a gate refuses, 13 when
            a gate misses something or a canary shows nothing either way, 14 when the release was rolled back, 69 when another train holds an environment, 12 when
            another release has been deployed there meanwhile.

              daybook train run
              daybook train run 1.5.0
            """)

    @OptionGroup var ledger: WritingOptions
    @OptionGroup var source: ReleaseSourceOptions
    @OptionGroup var format: OutputOptions

    @Argument(help: "A release that has been cut, as 1.5.0. Else the revision is cut now.")
    var release: String?

    @Flag(help: "Take environments from a runner that is gone, which this machine cannot tell.")
    var takeOver = false

    @Flag(help: "Set out anew after a ride that has ended, or that a gate holds.")
    var retry = false

    @Flag(help: "Go also where a newer release runs, and take its place.")
    var downgrade = false

    @Option(
        help: ArgumentHelp(
            "The key that signs bundles: Ed25519 or ECDSA P-256 in PEM. Else the ledger's own.",
            valueName: "file"))
    var evidenceKey: String?

    func execute() async throws {
        let project = try Project()
        let end = try await ledger.withStore { store in
            let release = try await stream(project, store)
            let bundles = BundleStep(try ledger.bundleExport(of: store, evidenceKey: evidenceKey))
            return try await TrainRide(
                project, store, bundles: bundles, takesOver: takeOver
            ).ride(
                release, retries: retry, downgrades: downgrade)
        }
        try end.report(format)
    }

    /// The release that is named, or the one that the revision makes.
    private func stream(_ project: Project, _ store: some EventStore) async throws -> StreamName {
        if let release {
            return try await project.history(of: release, in: project.log(store)).stream
        }
        let git = GitRepository(source.repository, runner: ExecCommandRunner())
        let outcome = try await source.cutting().cut(
            source.request(), by: Caller(actor: nil).origin(in: git), into: store,
            now: SystemClock.now)
        switch outcome {
        case .cut(let cut, let receipt):
            StandardError.write("cut \(cut.version) at position \(receipt.position)\n")
            return .release(project.name, cut.version)
        case .nothing(let planned):
            throw Failure(.failed, "there is nothing to release: \(planned.plan.reason)")
        }
    }
}
