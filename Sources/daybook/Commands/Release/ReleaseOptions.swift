import ArgumentParser
import BoringDeploy
import Foundation
import LedgerCore
import Operations

/// Which project's releases.
struct ProjectOptions: ParsableArguments {
    @Option(help: "The project's name. Else: project in the nearest daybook.yaml.")
    var project: String?

    func configuration() throws -> Configuration {
        var configuration = try ConfigurationFile.nearest()?.configuration ?? Configuration()
        configuration.project = project ?? configuration.project
        return configuration
    }
}

/// What a release is made from: git, and files about pull requests.
struct ReleaseSourceOptions: ParsableArguments {
    @OptionGroup var project: ProjectOptions

    @Option(help: "The git repository's folder.")
    var repository: String = "."

    @Option(help: "What is released: a branch, a tag or a commit.")
    var revision: String = "HEAD"

    @Option(
        help: ArgumentHelp(
            "Pull requests, as gh pr list --json number,title,labels,mergeCommit,author writes them.",
            valueName: "file"))
    var pulls: [String] = []

    @Option(help: ArgumentHelp("A GitHub event of a pull request.", valueName: "file"))
    var event: String?

    @Option(help: ArgumentHelp("Make a pre-release with this word, as rc.", valueName: "word"))
    var pre: String?

    @Option(help: ArgumentHelp("Take this version instead of counting one.", valueName: "version"))
    var releaseAs: String?

    func cutting() throws -> ReleaseCutting {
        try ReleaseCutting(
            project.configuration(), git: GitRepository(repository, runner: ExecCommandRunner()))
    }

    func request() throws -> ReleaseRequest {
        var request = ReleaseRequest()
        request.revision = revision
        request.options = PlanOptions(preRelease: pre, releaseAs: releaseAs)
        for path in pulls + (event.map { [$0] } ?? []) {
            do {
                try request.pulls.add(json: StrictJSONParser.parse(Files.read(path)))
            } catch let failure as Failure {
                throw failure
            } catch {
                throw Failure(.badInput, "\(Files.name(path)): \(error)")
            }
        }
        return request
    }
}

extension Failure {
    init(_ error: ReleaseError) {
        if let underlying = error.underlying, case .store = error.code,
            let failure = Failure(underlying)
        {
            self.init(failure.code, error.description)
            return
        }
        let code: Code =
            switch error.code {
            case .badInput, .store: .badInput
            case .noSuchRelease: .noInput
            case .conflict, .git(.conflict): .conflict
            case .git(.unavailable), .git(.noSuchRevision): .noInput
            case .git(.incomplete): .badInput
            case .git(.failed): .failed
            }
        self.init(code, error.description)
    }
}
