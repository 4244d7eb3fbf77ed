import ArgumentParser
import BoringDeploy
import EventSourcing
import LedgerCore
import Operations

struct ReleaseRollbackCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Bring an environment back to what it ran before a release.",
        discussion: """
            Exits with 14 once it is rolled back, 1 if the rollback failed.

              daybook release rollback 1.5.0 --environment prod --reason "checkout is slow"
            """)

    @OptionGroup var ledger: WritingOptions
    @OptionGroup var format: OutputOptions

    @Argument(help: "The release, as 1.5.0 or shop/1.5.0.")
    var release: String

    @Option(help: "Where.")
    var environment: String

    @Option(help: "Why.")
    var reason: String

    @Flag(help: "Take the environment from a runner that is gone, which this machine cannot tell.")
    var takeOver = false

    func execute() async throws {
        let project = try Project()
        guard project.configuration.environment(environment) != nil else {
            let known = project.configuration.environments.map(\.name).joined(separator: ", ")
            throw Failure(.usage, "there is no environment \(environment); there are: \(known)")
        }
        let running = try await ReadModel.document(
            environment, of: EnvironmentsProjection(), ledger.ledger)?["release"]?.string
        let stream = try ReleaseName.stream(release) { project.name }
        if let running, running != stream.text {
            throw Failure(
                .notAllowed,
                "\(environment) runs \(running), not \(stream); roll that one back, or let a release ride"
            )
        }
        let end = try await ledger.withStore { store in
            let log = try project.log(store)
            let history = try await project.history(of: release, in: log)
            guard
                history.all(DeploymentCompleted.self).contains(where: {
                    $0.payload.environment == environment
                })
            else {
                throw Failure(.noInput, "\(history.stream) was never deployed to \(environment)")
            }
            return try await TrainRide(project, store, takesOver: takeOver).ride(
                history.stream, back: (environment, reason))
        }
        try end.report(format)
    }
}
