import ArgumentParser
import BoringDeploy
import EventSourcing
import LedgerCore
import Operations

struct ReleaseNotesCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "notes",
        abstract: "Write the notes of a release, from its cut or from a plan.",
        discussion: """
            In Markdown, or with -o json as data. Without RELEASE: the release that was cut last.

              daybook release notes 1.5.0 > notes.md
              daybook release notes shop/1.5.0 -o json
              daybook release notes --plan
            """)

    @Argument(help: "The release, as 1.5.0 or shop/1.5.0.")
    var release: String?

    @Flag(help: "Of the next release, from git alone: no ledger is needed.")
    var plan = false

    @OptionGroup var source: ReleaseSourceOptions
    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var format: OutputOptions

    func validate() throws {
        if plan, release != nil {
            throw ValidationError("--plan is of the next release; leave \(release ?? "") out")
        }
    }

    func execute() async throws {
        let notes = try await plan ? planned() : recorded()
        switch format.output {
        case .json: try StandardOutput.writeLine(notes.json)
        case .table: try StandardOutput.write(notes.markdown)
        }
    }

    private func planned() async throws -> ReleaseNotes {
        let configuration = try source.project.configuration()
        let request = try source.request()
        let cuts = try await ledger.knownReleases(of: source.project)
        let draft = try await source.cutting().draft(request, after: cuts)
        return ReleaseNotes(
            draft, project: configuration.project, rules: configuration.releases)
    }

    private func recorded() async throws -> ReleaseNotes {
        let configuration = try source.project.configuration()
        let store = try ledger.openForReading()
        let reader = CutReader(store)
        let found: RecordedCut?
        if let release {
            let stream = try ReleaseName.stream(release) { try Self.project(configuration) }
            found = try await reader.newest(of: stream)
            guard found != nil else {
                throw Failure(
                    .noInput, "\(stream) was never cut; see daybook log --type release.cut")
            }
        } else {
            found = try await reader.newest(of: try Self.project(configuration))
        }
        guard let found else {
            throw Failure(.noInput, "no release was cut yet; run daybook release cut")
        }
        let words = found.event.subject?.text.split(separator: "/") ?? []
        return ReleaseNotes(
            found.cut, project: words.count == 3 ? String(words[1]) : nil,
            changes: try await reader.changes(of: found.cut),
            overrides: try await overrides(of: found, in: store), rules: configuration.releases)
    }

    private func overrides(
        of found: RecordedCut, in store: some EventStore
    ) async throws -> [ReleaseNotes.Override] {
        guard let stream = found.event.subject else { return [] }
        let log = ReleaseLog(store, project: "", actor: nil, now: SystemClock.now)
        return try await log.history(of: stream).sinceCut(OverrideGranted.self).map { _, granted in
            ReleaseNotes.Override(
                gate: granted.gate, by: granted.person, reason: granted.reason)
        }
    }

    private static func project(_ configuration: Configuration) throws -> String {
        guard let project = configuration.project else {
            throw Failure(
                .usage,
                "no project is named: give --project NAME, or write project: NAME into daybook.yaml"
            )
        }
        return project
    }
}
