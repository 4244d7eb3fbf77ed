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
            a gate misses something, 14 when the release was rolled back, 69 when another train holds an environment, 12 when
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

    func execute() async throws {
        let project = try Project()
        let (release, end) = try await ledger.withStore { store in
            let release = try await stream(project, store)
            let log = try project.log(store)
            let end = try await TrainRide(project, log, takesOver: takeOver).runner.ride(
                release, retries: retry, downgrades: downgrade)
            return (release, end)
        }
        try end.report(release, format)
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

/// A runner of trains on this machine.
struct TrainRide {
    let runner: TrainRunner

    init(_ project: Project, _ log: ReleaseLog, takesOver: Bool) {
        Interruption.listen()
        let start = ContinuousClock.now
        runner = TrainRunner(
            log: log,
            effects: StepEffects(
                ExecCommandRunner { lines in
                    StandardError.write(
                        String(decoding: lines, as: UTF8.self).split(separator: "\n")
                            .map { "    \(Table.printable(String($0)))\n" }.joined())
                }, folder: project.folder),
            clock: SystemTrainClock(), configuration: project.configuration,
            file: project.file, runner: RunnerProcess.current(), isDead: RunnerProcess.isDead,
            takesOver: takesOver,
            isInterrupted: { Interruption.isWanted },
            tell: { sentence in
                let seconds = Int((ContinuousClock.now - start) / .seconds(1))
                let time = String(format: "%3d:%02d", seconds / 60, seconds % 60)
                StandardError.write("\(time)  \(Table.printable(sentence))\n")
            })
    }
}

extension TrainRunner.End {
    /// Says how the ride ended, and fails unless it is complete.
    func report(_ release: StreamName, _ format: OutputOptions) throws {
        let (end, reason, code) = summary(release)
        StepSummary.write("## \(release): \(end)\n\n\(reason)\n")
        switch format.output {
        case .json:
            var value = JSONObject()
            value["release"] = .string(release.text)
            value["end"] = .string(end)
            value["reason"] = .string(reason)
            if case .held(let gate) = self { value["reasons"] = gate.details["reasons"] }
            try StandardOutput.writeLine(.object(value))
        case .table:
            let sentence = "\(release): \(end): \(Table.printable(reason))\n"
            try StandardOutput.write(code == nil ? Style.good(sentence) : Style.bad(sentence))
            if case .held(let gate) = self {
                for reason in gate.details["reasons"]?.array ?? [] {
                    let remedy = reason.object?["remedy"]?.string ?? ""
                    try StandardOutput.write("  to change it: \(Table.printable(remedy))\n")
                }
            }
        }
        if let code { throw Failure(code, "") }
    }

    private func summary(_ release: StreamName) -> (String, String, Failure.Code?) {
        switch self {
        case .finished(let finished):
            let code: Failure.Code? =
                switch finished.end {
                case .completed: nil
                case .rolledBack: .rolledBack
                case .failed, .stuck: .failed
                }
            let end =
                finished.end == .stuck ? "STUCK, somebody has to look now" : finished.end.rawValue
            return (end, finished.reason, code)
        case .held(let gate):
            return (
                "held", gate.reason, gate.outcome == .refused ? .refused : .inconclusive
            )
        case .refused(let why): return ("refused", why, .unavailable)
        case .overtaken(let other):
            return (
                "overtaken", "\(other.reason); to go on all the same: \(other.remedy)", .conflict
            )
        case .interrupted:
            return ("interrupted", "run it again to go on from here", .failed)
        }
    }
}

/// GitHub's summary of a job, where its variable is set.
enum StepSummary {
    static func write(_ markdown: String) {
        guard let path = getenv("GITHUB_STEP_SUMMARY"), path.pointee != 0 else { return }
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var text = markdown
        text.withUTF8 { _ = Foundation.write(descriptor, $0.baseAddress, $0.count) }
    }
}
