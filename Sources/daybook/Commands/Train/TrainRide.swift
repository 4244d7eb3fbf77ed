import BoringDeploy
import EventSourcing
import LedgerCore
import Operations

/// A ride on this machine, from where a release stands to where it gets.
struct TrainRide {
    private let log: ReleaseLog
    private let view: TrainView
    private let runner: TrainRunner
    private let people: [Person]

    init(
        _ project: Project, _ store: any EventStore, bundles: BundleStep? = nil, takesOver: Bool
    ) throws {
        Interruption.listen()
        let view = TrainView()
        self.view = view
        log = try project.log(store)
        people = project.configuration.people
        runner = TrainRunner(
            log: log,
            effects: StepEffects(
                ExecCommandRunner { view.show($0) }, folder: project.folder),
            canaries: try CanaryEffects(project.configuration, folder: project.folder),
            bundles: bundles,
            clock: SystemTrainClock(), configuration: project.configuration,
            objectives: try project.objectives(), file: project.file,
            runner: RunnerProcess.current(), isDead: RunnerProcess.isDead, takesOver: takesOver,
            isInterrupted: { Interruption.isWanted },
            tell: { view.say($0) }, look: { view.update(TrainStatus($0, people: [])) })
    }

    func ride(
        _ release: StreamName, retries: Bool = false, downgrades: Bool = false,
        back: (environment: String, reason: String)? = nil
    ) async throws -> TrainEnd {
        defer { view.end() }
        let end = try await view.live {
            try await runner.ride(release, retries: retries, downgrades: downgrades, back: back)
        }
        return TrainEnd(
            end: end, status: TrainStatus(try await log.history(of: release), people: people))
    }
}

/// How a ride ended, and where the release stands now.
struct TrainEnd {
    let end: TrainRunner.End
    let status: TrainStatus

    private var release: String { status.release.text }

    /// Says it, and fails unless every step has passed.
    func report(_ format: OutputOptions) throws {
        let (end, reason, code) = summary
        StepSummary.write(markdown(end, reason))
        switch format.output {
        case .json:
            var value = JSONObject()
            value["release"] = .string(release)
            value["end"] = .string(end)
            value["reason"] = .string(reason)
            if case .held(let gate) = self.end { value["reasons"] = gate.details["reasons"] }
            try StandardOutput.writeLine(.object(value))
        case .table:
            let sentence = "\(release): \(end): \(Table.printable(reason))\n"
            try StandardOutput.write(code == nil ? Style.good(sentence) : Style.bad(sentence))
            for remedy in remedies {
                try StandardOutput.write("  to change it: \(Table.printable(remedy))\n")
            }
        }
        if let code { throw Failure(code, "") }
    }

    /// The commands that would let it go on.
    private var remedies: [String] {
        switch end {
        case .held(let gate):
            (gate.details["reasons"]?.array ?? []).compactMap { $0.object?["remedy"]?.string }
        case .overtaken(let other): [other.remedy]
        case .finished, .inconclusive, .refused, .interrupted: []
        }
    }

    private var summary: (end: String, reason: String, code: Failure.Code?) {
        switch end {
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
            return ("held", gate.reason, gate.outcome == .refused ? .refused : .inconclusive)
        case .inconclusive(let verdict):
            return ("inconclusive", "\(verdict.reason); run it again to go on", .inconclusive)
        case .refused(let why): return ("refused", why, .unavailable)
        case .overtaken(let other): return ("overtaken", other.reason, .conflict)
        case .interrupted: return ("interrupted", "run it again to go on from here", .failed)
        }
    }

    private func markdown(_ end: String, _ reason: String) -> String {
        let steps = status.steps.map { step in
            let took = step.took.map { " \($0)" } ?? ""
            return "| \(StepSummary.cell(step.name)) | \(step.mark) \(step.state) |\(took) "
                + "| \(StepSummary.cell(step.reason)) |\n"
        }
        var text = "## \(release): \(end)\n\n\(StepSummary.cell(reason))\n"
        if !steps.isEmpty {
            text += "\n| step | | took | |\n|---|---|---|---|\n" + steps.joined()
        }
        for (title, lines) in [
            ("Approved by", status.approvals), ("Overridden", status.overrides),
            ("To change it", remedies.map { "`\($0)`" }),
        ] where !lines.isEmpty {
            text += "\n\(title):\n\n" + lines.map { "- \(StepSummary.cell($0))\n" }.joined()
        }
        return text
    }
}
