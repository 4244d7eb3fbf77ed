import Testing

@testable import daybook

/// A job of one CI system, and what an event says of it.
struct CIJob: Sendable, CustomStringConvertible {
    let name: String
    let variables: [String: String]
    let source: String?
    let actor: String?
    let facts: [String: String]

    var description: String { name }
}

@Suite("The CI systems that are known")
struct CIProviderTests {
    @Test("a job's variables become source, actor and facts", arguments: jobs)
    func facts(job: CIJob) throws {
        let context = try #require(CIContext.current { job.variables[$0] })
        #expect(try context.source() == job.source)
        #expect(try context.actor() == job.actor)
        let facts = Dictionary(uniqueKeysWithValues: context.facts.map { ($0.name, $0.value) })
        var expected = job.facts
        expected["ciprovider"] = job.name
        #expect(facts == expected)
    }

    @Test("every system is in the table")
    func complete() {
        #expect(Self.jobs.map(\.name) == CIProvider.all.map(\.name))
    }

    @Test("a job whose variables are all there but its repository's has no source", arguments: jobs)
    func withoutRepository(job: CIJob) throws {
        let provider = try #require(CIProvider.all.first { $0.name == job.name })
        var variables = job.variables
        for variable in provider.source where variable != provider.marker {
            variables[variable] = nil
            let context = try #require(CIContext.current { variables[$0] })
            #expect(try context.source() == nil)
        }
    }

    @Test("facts that are empty are left out")
    func emptyFacts() throws {
        let variables = ["GITHUB_REPOSITORY": "a/b", "GITHUB_SHA": "", "GITHUB_REF": "main"]
        let context = try #require(CIContext.current { variables[$0] })
        #expect(context.facts.map(\.name) == ["ciprovider", "ciref"])
    }

    @Test("a Jenkins agent under another system is that system's job")
    func jenkinsLast() throws {
        let variables = ["JENKINS_URL": "x", "BUILDKITE": "true"]
        let context = try #require(CIContext.current { variables[$0] })
        #expect(context.facts.first?.value == "buildkite")
    }

    @Test(
        "credentials in an address are left out, whatever their form",
        arguments: [
            ("https://git.example.com/a.git", "https://git.example.com/a.git"),
            ("https://token@git.example.com/a.git", "https://git.example.com/a.git"),
            ("https://user:p@ss@git.example.com/a.git", "https://git.example.com/a.git"),
            ("https://user:token@git.example.com", "https://git.example.com"),
            ("https://git.example.com/a@b/c@d", "https://git.example.com/a@b/c@d"),
            ("ssh://git@git.example.com:22/a.git", "ssh://git.example.com:22/a.git"),
            ("git@git.example.com:a/b.git", "git@git.example.com:a/b.git"),
            ("/srv/a@b.git", "/srv/a@b.git"),
        ])
    func credentials(address: String, source: String) throws {
        let variables = ["JENKINS_URL": "x", "GIT_URL": address]
        let context = try #require(CIContext.current { variables[$0] })
        #expect(try context.source() == source)
    }

    static let jobs: [CIJob] = [
        CIJob(
            name: "github-actions",
            variables: [
                "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "example/shop",
                "GITHUB_RUN_ID": "1658821493", "GITHUB_RUN_NUMBER": "3", "GITHUB_RUN_ATTEMPT": "1",
                "GITHUB_SHA": "ffac537e", "GITHUB_REF": "refs/heads/main",
                "GITHUB_ACTOR": "octocat",
                "GITHUB_WORKFLOW": "build", "GITHUB_JOB": "test", "GITHUB_EVENT_NAME": "push",
            ],
            source: "https://github.com/example/shop", actor: "octocat",
            facts: [
                "cirunid": "1658821493", "cirunnumber": "3", "cirunattempt": "1",
                "cicommit": "ffac537e",
                "ciref": "refs/heads/main", "ciworkflow": "build", "cijob": "test",
                "cievent": "push",
            ]),
        CIJob(
            name: "gitlab",
            variables: [
                "CI_SERVER_URL": "https://gitlab.example.com", "CI_PROJECT_PATH": "group/shop",
                "CI_PIPELINE_ID": "1000", "CI_PIPELINE_IID": "10", "CI_JOB_ID": "50",
                "CI_JOB_URL": "https://gitlab.example.com/group/shop/-/jobs/50",
                "CI_COMMIT_SHA": "1ecfd275", "CI_COMMIT_REF_NAME": "main",
                "GITLAB_USER_LOGIN": "jane",
            ],
            source: "https://gitlab.example.com/group/shop", actor: "jane",
            facts: [
                "cirunid": "1000", "cirunnumber": "10", "cijob": "50", "cicommit": "1ecfd275",
                "ciurl": "https://gitlab.example.com/group/shop/-/jobs/50", "ciref": "main",
            ]),
        CIJob(
            name: "bitbucket",
            variables: [
                "BITBUCKET_BUILD_NUMBER": "7", "BITBUCKET_PIPELINE_UUID": "{p}",
                "BITBUCKET_GIT_HTTP_ORIGIN": "http://bitbucket.org/example/shop",
                "BITBUCKET_STEP_TRIGGERER_UUID": "{u}", "BITBUCKET_COMMIT": "c",
                "BITBUCKET_BRANCH": "b",
            ],
            source: "http://bitbucket.org/example/shop", actor: "{u}",
            facts: ["cirunid": "{p}", "cirunnumber": "7", "cicommit": "c", "ciref": "b"]),
        CIJob(
            name: "teamcity",
            variables: [
                "TEAMCITY_VERSION": "2024.1", "BUILD_NUMBER": "7", "BUILD_VCS_NUMBER": "c",
                "TEAMCITY_BUILDCONF_NAME": "w",
            ],
            source: nil, actor: nil,
            facts: ["cirunnumber": "7", "cicommit": "c", "ciworkflow": "w"]),
        CIJob(
            name: "azure-pipelines",
            variables: [
                "TF_BUILD": "True", "BUILD_REPOSITORY_URI": "https://dev.azure.com/o/p/_git/shop",
                "BUILD_REQUESTEDFOREMAIL": "jane@example.com", "BUILD_BUILDID": "9",
                "BUILD_BUILDNUMBER": "20260131.1", "BUILD_SOURCEVERSION": "c",
                "BUILD_SOURCEBRANCH": "refs/heads/main", "BUILD_DEFINITIONNAME": "w",
                "SYSTEM_JOBNAME": "j",
            ],
            source: "https://dev.azure.com/o/p/_git/shop", actor: "jane@example.com",
            facts: [
                "cirunid": "9", "cirunnumber": "20260131.1", "cicommit": "c",
                "ciref": "refs/heads/main",
                "ciworkflow": "w", "cijob": "j",
            ]),
        CIJob(
            name: "circleci",
            variables: [
                "CIRCLECI": "true", "CIRCLE_REPOSITORY_URL": "https://github.com/example/shop",
                "CIRCLE_USERNAME": "jane", "CIRCLE_WORKFLOW_ID": "w", "CIRCLE_BUILD_NUM": "7",
                "CIRCLE_BUILD_URL": "https://circleci.com/7", "CIRCLE_SHA1": "c",
                "CIRCLE_BRANCH": "b",
                "CIRCLE_JOB": "j",
            ],
            source: "https://github.com/example/shop", actor: "jane",
            facts: [
                "cirunid": "w", "cirunnumber": "7", "ciurl": "https://circleci.com/7",
                "cicommit": "c",
                "ciref": "b", "cijob": "j",
            ]),
        CIJob(
            name: "codebuild",
            variables: [
                "CODEBUILD_BUILD_ID": "shop:1", "CODEBUILD_BUILD_NUMBER": "1",
                "CODEBUILD_SOURCE_REPO_URL": "https://github.com/example/shop",
                "CODEBUILD_INITIATOR": "i",
                "CODEBUILD_PUBLIC_BUILD_URL": "u", "CODEBUILD_RESOLVED_SOURCE_VERSION": "c",
            ],
            source: "https://github.com/example/shop", actor: "i",
            facts: ["cirunid": "shop:1", "cirunnumber": "1", "ciurl": "u", "cicommit": "c"]),
        CIJob(
            name: "buildkite",
            variables: [
                "BUILDKITE": "true", "BUILDKITE_REPO": "git@github.com:example/shop.git",
                "BUILDKITE_BUILD_CREATOR_EMAIL": "jane@example.com", "BUILDKITE_BUILD_ID": "i",
                "BUILDKITE_BUILD_NUMBER": "7", "BUILDKITE_RETRY_COUNT": "0",
                "BUILDKITE_BUILD_URL": "u",
                "BUILDKITE_COMMIT": "c", "BUILDKITE_BRANCH": "b", "BUILDKITE_PIPELINE_SLUG": "w",
                "BUILDKITE_JOB_ID": "j",
            ],
            source: "git@github.com:example/shop.git", actor: "jane@example.com",
            facts: [
                "cirunid": "i", "cirunnumber": "7", "cirunattempt": "0", "ciurl": "u",
                "cicommit": "c",
                "ciref": "b", "ciworkflow": "w", "cijob": "j",
            ]),
        CIJob(
            name: "jenkins",
            variables: [
                "JENKINS_URL": "https://ci.example.com/",
                "GIT_URL": "https://git.example.com/shop.git",
                "BUILD_USER_ID": "jane", "BUILD_NUMBER": "7", "BUILD_URL": "u", "GIT_COMMIT": "c",
                "GIT_BRANCH": "b", "JOB_NAME": "w",
            ],
            source: "https://git.example.com/shop.git", actor: "jane",
            facts: [
                "cirunnumber": "7", "ciurl": "u", "cicommit": "c", "ciref": "b", "ciworkflow": "w",
            ]),
    ]
}
