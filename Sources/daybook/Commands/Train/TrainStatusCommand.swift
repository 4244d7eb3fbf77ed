import ArgumentParser
import BoringDeploy
import EventSourcing
import LedgerCore

struct TrainStatusCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show where a release stands on its train.",
        discussion: "  daybook train status 1.5.0")

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var format: OutputOptions

    @Argument(help: "The release, as 1.5.0 or shop/1.5.0.")
    var release: String

    func execute() async throws {
        let project = try Project()
        let history = try await project.history(
            of: release, in: project.log(ledger.openForReading()))
        let status = TrainStatus(history, people: project.configuration.people)
        switch format.output {
        case .json: try StandardOutput.writeLine(status.json)
        case .table:
            for step in status.steps { try StandardOutput.write(step.shown + "\n") }
            try StandardOutput.write("\(history.stream): \(status.state)\n")
        }
    }
}

struct TrainAbortCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "abort",
        abstract: "Stop a train; the next train run brings its environment back.",
        discussion: "  daybook train abort 1.5.0 --reason \"wrong artifact\"")

    @OptionGroup var ledger: WritingOptions
    @OptionGroup var format: OutputOptions

    @Argument(help: "The release, as 1.5.0 or shop/1.5.0.")
    var release: String

    @Option(help: "Why.")
    var reason: String

    func execute() async throws {
        let project = try Project()
        let receipt = try await ledger.withStore { store in
            let log = try project.log(store)
            let history = try await project.history(of: release, in: log)
            guard let started = history.all(TrainStarted.self).last?.payload,
                history.all(TrainFinished.self).last?.payload.run != started.run
            else { throw Failure(.noInput, "\(history.stream) rides no train") }
            return try await log.append(
                TrainAborted(run: started.run, reason: reason), to: history.stream,
                after: history.streamVersion)
        }
        try receipt.write(
            "aborted \(release); its runner, or daybook train run \(release), brings it back",
            format)
    }
}
