import ArgumentParser
import BoringDeploy
import LedgerCore
import Operations
import SQLiteStore

struct ReleasePlanCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Say what the next release would be, and why. Writes nothing.",
        discussion: """
            The version is counted from git's commits since the last release, by Conventional Commits and the labels of
            pull requests. Releases are known by their tags, and by their cuts if a ledger is named.

              daybook release plan
              gh pr list --state merged --limit 200 --json number,title,labels,mergeCommit,author > pulls.json
              daybook release plan --pulls pulls.json -o json
            """)

    @OptionGroup var source: ReleaseSourceOptions
    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var format: OutputOptions

    func execute() async throws {
        let planned = try await planned()
        switch format.output {
        case .json: try StandardOutput.writeLine(planned.plan.json)
        case .table: try write(planned.plan)
        }
    }

    func planned() async throws -> PlannedRelease {
        let cutting = try source.cutting()
        let cuts = try await ledger.knownReleases(of: source.project)
        return try await cutting.plan(source.request(), after: cuts)
    }

    private func write(_ plan: ReleasePlan) throws {
        try Table.write(record: [
            ("version", plan.version?.description ?? "–"),
            ("previous", plan.previous?.description ?? "–"), ("bump", plan.bump.rawValue),
            ("reason", plan.reason), ("changes", "\(plan.changes.count)"),
        ])
        var table = Table(["commit", "type", "scope", "pull", "notes", "summary"])
        for change in plan.changes {
            let notes = [change.breaking ? "breaking" : nil, change.reverted ? "nets out" : nil]
            table.add([
                String(change.commit.prefix(7)), change.type ?? "–", change.scope ?? "–",
                change.pull.map { "#\($0)" } ?? "–",
                notes.compactMap { $0 }.joined(separator: ", "), change.summary,
            ])
        }
        try table.write()
    }
}

extension LedgerOptions {
    /// The cuts of a project, if a ledger is named and there.
    func knownReleases(of project: ProjectOptions) async throws -> [KnownRelease] {
        let isNamed = try ledger != nil || ConfigurationFile.nearest()?.ledgerPath != nil
        guard isNamed else { return [] }
        guard let name = try project.configuration().project else {
            guard ledger == nil else {
                throw Failure(
                    .usage, "whose releases to look for in the ledger? give --project NAME too")
            }
            return []
        }
        guard try ledger != nil || file().exists else { return [] }
        return try await CutReader(openForReading()).known(name)
    }
}
