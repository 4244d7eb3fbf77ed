/// Which variables a CI system sets. The names are from the systems' own documentation.
struct CIProvider {
    let name: String
    /// The variable that tells it apart from the others.
    let marker: String
    /// Variables that, joined by slashes, are the repository's URI.
    let source: [String]
    let actor: String?
    let facts: [(name: String, variable: String)]

    static let all: [CIProvider] = [
        CIProvider(
            name: "github-actions", marker: "GITHUB_REPOSITORY",
            source: ["GITHUB_SERVER_URL", "GITHUB_REPOSITORY"], actor: "GITHUB_ACTOR",
            facts: [
                ("cirunid", "GITHUB_RUN_ID"), ("cirunnumber", "GITHUB_RUN_NUMBER"),
                ("cirunattempt", "GITHUB_RUN_ATTEMPT"), ("cicommit", "GITHUB_SHA"),
                ("ciref", "GITHUB_REF"), ("ciworkflow", "GITHUB_WORKFLOW"), ("cijob", "GITHUB_JOB"),
                ("cievent", "GITHUB_EVENT_NAME"),
            ]),
        CIProvider(
            name: "gitlab", marker: "CI_PROJECT_PATH",
            source: ["CI_SERVER_URL", "CI_PROJECT_PATH"], actor: "GITLAB_USER_LOGIN",
            facts: [
                ("cirunid", "CI_PIPELINE_ID"), ("cirunnumber", "CI_PIPELINE_IID"),
                ("cijob", "CI_JOB_ID"), ("ciurl", "CI_JOB_URL"), ("cicommit", "CI_COMMIT_SHA"),
                ("ciref", "CI_COMMIT_REF_NAME"),
            ]),
        CIProvider(
            name: "bitbucket", marker: "BITBUCKET_BUILD_NUMBER",
            source: ["BITBUCKET_GIT_HTTP_ORIGIN"], actor: "BITBUCKET_STEP_TRIGGERER_UUID",
            facts: [
                ("cirunid", "BITBUCKET_PIPELINE_UUID"), ("cirunnumber", "BITBUCKET_BUILD_NUMBER"),
                ("cicommit", "BITBUCKET_COMMIT"), ("ciref", "BITBUCKET_BRANCH"),
            ]),
        CIProvider(
            name: "teamcity", marker: "TEAMCITY_VERSION", source: [], actor: nil,
            facts: [
                ("cirunnumber", "BUILD_NUMBER"), ("cicommit", "BUILD_VCS_NUMBER"),
                ("ciworkflow", "TEAMCITY_BUILDCONF_NAME"),
            ]),
        CIProvider(
            name: "azure-pipelines", marker: "TF_BUILD",
            source: ["BUILD_REPOSITORY_URI"], actor: "BUILD_REQUESTEDFOREMAIL",
            facts: [
                ("cirunid", "BUILD_BUILDID"), ("cirunnumber", "BUILD_BUILDNUMBER"),
                ("cicommit", "BUILD_SOURCEVERSION"), ("ciref", "BUILD_SOURCEBRANCH"),
                ("ciworkflow", "BUILD_DEFINITIONNAME"), ("cijob", "SYSTEM_JOBNAME"),
            ]),
        CIProvider(
            name: "circleci", marker: "CIRCLECI",
            source: ["CIRCLE_REPOSITORY_URL"], actor: "CIRCLE_USERNAME",
            facts: [
                ("cirunid", "CIRCLE_WORKFLOW_ID"), ("cirunnumber", "CIRCLE_BUILD_NUM"),
                ("ciurl", "CIRCLE_BUILD_URL"), ("cicommit", "CIRCLE_SHA1"),
                ("ciref", "CIRCLE_BRANCH"), ("cijob", "CIRCLE_JOB"),
            ]),
        CIProvider(
            name: "codebuild", marker: "CODEBUILD_BUILD_ID",
            source: ["CODEBUILD_SOURCE_REPO_URL"], actor: "CODEBUILD_INITIATOR",
            facts: [
                ("cirunid", "CODEBUILD_BUILD_ID"), ("cirunnumber", "CODEBUILD_BUILD_NUMBER"),
                ("ciurl", "CODEBUILD_PUBLIC_BUILD_URL"),
                ("cicommit", "CODEBUILD_RESOLVED_SOURCE_VERSION"),
            ]),
        CIProvider(
            name: "buildkite", marker: "BUILDKITE",
            source: ["BUILDKITE_REPO"], actor: "BUILDKITE_BUILD_CREATOR_EMAIL",
            facts: [
                ("cirunid", "BUILDKITE_BUILD_ID"), ("cirunnumber", "BUILDKITE_BUILD_NUMBER"),
                ("cirunattempt", "BUILDKITE_RETRY_COUNT"), ("ciurl", "BUILDKITE_BUILD_URL"),
                ("cicommit", "BUILDKITE_COMMIT"), ("ciref", "BUILDKITE_BRANCH"),
                ("ciworkflow", "BUILDKITE_PIPELINE_SLUG"), ("cijob", "BUILDKITE_JOB_ID"),
            ]),
        // Last: the others may run under a Jenkins agent.
        CIProvider(
            name: "jenkins", marker: "JENKINS_URL", source: ["GIT_URL"], actor: "BUILD_USER_ID",
            facts: [
                ("cirunnumber", "BUILD_NUMBER"), ("ciurl", "BUILD_URL"), ("cicommit", "GIT_COMMIT"),
                ("ciref", "GIT_BRANCH"), ("ciworkflow", "JOB_NAME"),
            ]),
    ]
}
