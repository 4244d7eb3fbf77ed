// Two files that CI systems have at hand:
//
//   - of `gh pr list --state merged --json number,title,labels,mergeCommit,author`: an array of
//     {"number", "title", "labels": [{"name"}], "mergeCommit": {"oid"}, "author": {"login"}}
//   - a GitHub event, {"pull_request": {"number", "title", "labels": [{"name"}], "merge_commit_sha",
//     "user": {"login"}}} (https://docs.github.com/webhooks), the file that GITHUB_EVENT_PATH names

import EventSourcing
import LedgerCore

/// A pull request, as far as a release needs it.
package struct PullRequest: Sendable, Equatable {
    package var number: Int
    package var title: String
    package var labels: [String]
    package var mergeCommit: String?
    /// Who opened it.
    package var login: String?

    package init(
        number: Int, title: String = "", labels: [String] = [], mergeCommit: String? = nil,
        login: String? = nil
    ) {
        self.number = number
        self.title = title
        self.labels = labels
        self.mergeCommit = mergeCommit
        self.login = login
    }

    fileprivate init(_ data: PayloadReader) throws(EventError) {
        number = try data.integer("number")
        title = try data.optionalText("title") ?? ""
        labels = []
        for label in try data.objects("labels") { labels.append(try label.text("name")) }
        if data.has("mergeCommit") {
            mergeCommit = try data.object("mergeCommit").optionalText("oid")
        } else {
            mergeCommit = try data.optionalText("merge_commit_sha")
        }
        let author = data.has("author") ? "author" : "user"
        login = data.has(author) ? try data.object(author).optionalText("login") : nil
    }
}

/// Pull requests, found by their merge commit or their number.
package struct PullRequests: Sendable {
    private var byNumber: [Int: PullRequest] = [:]
    private var byCommit: [String: PullRequest] = [:]

    package init(_ pulls: [PullRequest] = []) {
        for pull in pulls { add(pull) }
    }

    package mutating func add(_ pull: PullRequest) {
        byNumber[pull.number] = pull
        if let commit = pull.mergeCommit { byCommit[commit] = pull }
    }

    /// Adds what a file holds: either of the two kinds.
    package mutating func add(json value: JSONValue) throws(EventError) {
        if case .array(let elements) = value {
            for (index, element) in elements.enumerated() {
                add(try PullRequest(PayloadReader(element, at: "[\(index)]")))
            }
            return
        }
        let payload = try PayloadReader(value, at: "the event")
        if payload.has("pull_request") {
            add(try PullRequest(payload.object("pull_request")))
        } else if payload.has("number") {
            add(try PullRequest(payload))
        } else {
            throw EventError(
                "neither a list of pull requests (gh pr list --json …) nor an event of one")
        }
    }

    package subscript(number: Int) -> PullRequest? { byNumber[number] }

    /// The number of the pull request that a commit came by: by its merge commit, else as the
    /// header says it.
    func number(of commit: Commit, _ header: String) -> Int? {
        byCommit[commit.id]?.number ?? Self.number(in: header)
    }

    /// Of `… (#12)` at the end, or `Merge pull request #12 from …`.
    static func number(in header: String) -> Int? {
        let merge = "Merge pull request #"
        if header.hasPrefix(merge) {
            return Int(String(header.dropFirst(merge.count).prefix { $0.isASCII && $0.isNumber }))
        }
        guard header.hasSuffix(")"), let open = header.range(ofLast: " (#") else { return nil }
        return Int(header[open.upperBound...].dropLast())
    }
}

extension String {
    /// Where a text stands for the last time.
    fileprivate func range(ofLast text: String) -> Range<String.Index>? {
        guard let open = lastIndex(of: "("), open > startIndex else { return nil }
        let start = index(before: open)
        guard self[start...].hasPrefix(text) else { return nil }
        return start..<index(start, offsetBy: text.count)
    }
}
