import ArgumentParser
import BoringDeploy
import EventSourcing
import LedgerCore
import Operations

struct CanaryReportCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract:
            "Draw a release's newest canary as one page: shares, limits and evidence over time.",
        discussion: """
            The page needs nothing else: no script, no other file.

              daybook canary report 1.5.0 > canary.html
            """)

    @OptionGroup var ledger: LedgerOptions

    @Argument(help: "The release, as 1.5.0 or shop/1.5.0.")
    var release: String

    func execute() async throws {
        let store = try ledger.openForReading()
        let stream = try ReleaseName.stream(release) { try Project().name }
        guard let report = CanaryReport(try await store.history(of: stream)) else {
            throw Failure(.noInput, "\(stream) has no canary that was looked at")
        }
        try StandardOutput.write(report.html)
    }
}
