import EventSourcing
import LedgerCore

/// What a forge says of a pull request (GitHub) or merge request (GitLab) in its event payload.
package struct ProposedChange: Sendable, Equatable {
    package enum Forge: Sendable { case github, gitlab }

    package var forge: Forge
    package var number: Int
    package var labels: [String]
    /// What it is compared with, as git names it.
    package var base: String
    package var head: String

    /// Reads `pull_request` of GitHub's pull_request events, or `object_attributes` and `labels` of
    /// GitLab's merge request events.
    package init(payload: JSONValue) throws(EventError) {
        let payload = try PayloadReader(payload, at: "payload")
        if payload.has("pull_request") {
            let pull = try payload.object("pull_request")
            forge = .github
            number = try pull.integer("number")
            labels = try Self.names(pull.objects("labels"), "name")
            base = try pull.object("base").text("sha")
            head = try pull.object("head").text("sha")
        } else if payload.has("object_attributes") {
            let request = try payload.object("object_attributes")
            forge = .gitlab
            number = try request.integer("iid")
            labels = try Self.names(payload.objects("labels"), "title")
            base = "origin/\(try request.text("target_branch"))"
            head = try request.object("last_commit").text("id")
        } else {
            throw EventError(
                "the payload has neither pull_request (GitHub) nor object_attributes (GitLab)")
        }
        // They become arguments of git, which must not take them for options.
        for revision in [base, head] where revision.hasPrefix("-") || revision.contains("..") {
            throw EventError("the payload's revision \"\(revision)\" is no revision")
        }
    }

    private static func names(
        _ labels: [PayloadReader], _ member: String
    ) throws(EventError) -> [String] {
        var names: [String] = []
        for label in labels { names.append(try label.text(member)) }
        return names
    }

    /// The command that gives it a label.
    package func remedy(label: String) -> String {
        switch forge {
        case .github: "gh pr edit \(number) --add-label \(label)"
        case .gitlab: "glab mr update \(number) --label \(label)"
        }
    }
}
