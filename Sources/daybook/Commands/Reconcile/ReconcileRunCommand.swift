import ArgumentParser
import BoringDeploy
import EventSourcing
import LedgerCore
import Operations
import SQLiteStore

struct ReconcileRunCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract:
            "Compare the log with git, the CI's runs and a list of artifacts, and record the result.",
        discussion: """
            No ledger can show that everything was recorded. Others count as well: git has tags and commits, the CI numbers its
            runs, a registry lists digests. What they have and the log has not is named here, recorded, and listed in bundles
            until somebody explains it. Exits with 11 while anything is unexplained.

              daybook reconcile
              daybook reconcile --runs runs.txt --workflow release --artifacts registry.sha256
              daybook reconcile explain tag:v1.4.9 --reason "cut by hand before Daybook" --as bob --key ~/.ssh/id_ed25519
            """)

    @OptionGroup var writing: WritingOptions
    @OptionGroup var format: OutputOptions

    @Option(help: "The git repository's folder.")
    var repository: String = "."

    @Flag(help: "Leave git out.")
    var withoutGit = false

    @Option(
        help: ArgumentHelp(
            "What the CI says: a run's number a line, or JSON as of gh run list --json number. Else the numbers in "
                + "the log are searched for gaps.",
            valueName: "file"))
    var runs: String?

    @Option(help: "Look at the runs of this workflow only.")
    var workflow: String?

    @Option(
        help: ArgumentHelp("What a registry says, as sha256sum writes it.", valueName: "file"))
    var artifacts: String?

    func validate() throws {
        let given = [
            ("runs", runs), ("artifacts", artifacts), ("workflow", workflow),
            ("repository", repository),
        ]
        for (name, value) in given where value?.isEmpty == true {
            throw ValidationError("--\(name) is empty; give it a value or leave it out")
        }
    }

    func execute() async throws {
        let project = try Project()
        var outside = Reconciliation.Outside()
        if !withoutGit {
            outside.git = GitRepository(repository, runner: ExecCommandRunner())
        }
        var evidence: [(name: String, attachment: Attachment)] = []
        if let runs {
            let bytes = try Files.read(runs)
            outside.runs = try OutsideList.runs(bytes, of: Files.name(runs))
            evidence.append(("runs", Attachment(bytes)))
        }
        if let artifacts {
            let bytes = try Files.read(artifacts)
            outside.artifacts = try OutsideList.artifacts(bytes, of: Files.name(artifacts))
            evidence.append(("artifacts", Attachment(bytes)))
        }
        outside.workflow = workflow
        let models = try SQLiteReadModelStore.open(beside: writing.ledger.file())
        let done = try await writing.withStore { store in
            let results = try await Reconciliation(
                log: store, models: models, project: project.name,
                rules: project.configuration.releases
            ).results(outside)
            guard
                results.contains(where: { $0.outside + $0.matched > 0 || !$0.discrepancies.isEmpty }
                )
            else {
                throw Failure(
                    .failed,
                    "there was nothing to compare: no tags, no cuts, no numbered runs, and nothing in the "
                        + "lists that were given, if any")
            }
            return try await project.log(store).record(
                results, project: project.name, evidence, people: project.configuration.people)
        }
        try write(done)
        guard done.completed.unexplainedCount == 0 else {
            throw Failure(.verificationFailed, "")
        }
    }

    private func write(_ done: ReleaseLog.RecordedReconciliation) throws {
        switch format.output {
        case .json:
            var value = done.completed.data.object ?? JSONObject()
            value["position"] = .number(Double(done.receipt.position.value))
            try StandardOutput.writeLine(.object(value))
        case .table:
            var table = Table(["compared", "outside", "in the log", "discrepancies"])
            for source in done.completed.sources {
                table.add([
                    source.name, "\(source.outside)", "\(source.matched)",
                    "\(source.discrepancies)",
                ])
            }
            try table.write()
            for open in done.completed.unexplained {
                try StandardOutput.write(
                    Style.bad("\(Table.printable(open.item)): ") + Table.printable(open.detail)
                        + "\n")
            }
            let (open, explained) = (done.completed.unexplainedCount, done.completed.explainedCount)
            try StandardOutput.write(
                open == 0
                    ? Style.good("reconciled")
                        + ", \(explained) explained (position \(done.receipt.position))\n"
                    : Style.bad("\(open) unexplained") + ", \(explained) explained (position "
                        + "\(done.receipt.position)); see: daybook reconcile explain --help\n")
        }
    }
}
