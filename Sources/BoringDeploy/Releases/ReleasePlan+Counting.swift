// How a version is counted:
//
//   - A breaking change asks for a major version, `feat` for a minor one, `fix` and its like for a
//     patch; labels of pull requests ask too; the most that is asked is done.
//   - In 0.x a breaking change makes a minor version, unless the rules say otherwise.
//   - A release counts from the last release, a pre-release's commits being a part of it:
//     1.1.0 → 1.2.0-rc.1 → 1.2.0-rc.2 → 1.2.0. It never falls behind a pre-release that announced it.
//   - A pre-release is made only of what came since the one before.
//   - A stated version wins, and must be higher than all before.

extension ReleasePlan {
    package init(
        _ history: ReleaseHistory, pulls: PullRequests = PullRequests(),
        rules: ReleaseRules = ReleaseRules(), options: PlanOptions = PlanOptions()
    ) throws(PlanError) {
        let last = history.releases.filter { !$0.version.isPreRelease }
            .max { $0.version < $1.version }
        let announced = history.releases.filter {
            $0.version.isPreRelease && $0.version > last?.version ?? SemanticVersion(0, 0, 0)
        }
        let candidate = announced.max { $0.version < $1.version }
        let all = ChangeList(history.commits, pulls, rules)
        var recent = all
        previous = last?.version
        if let word = options.preRelease {
            guard SemanticVersion.isPreReleaseWord(word) else {
                throw PlanError("\"\(word)\" is no word for a pre-release; take one like rc")
            }
            if let candidate {
                previous = candidate.version
                recent = ChangeList(history.commits(since: candidate), pulls, rules)
            }
        }
        (changes, authors, labels) = (recent.changes, recent.authors, recent.labels)
        bump = rules.counted(recent.bump, from: last?.version)
        reason = recent.reason(for: recent.bump, counted: bump, from: last?.version)

        let stated = try Self.stated(options, all, history)
        let isForced =
            options.releaseAs != nil
            || (stated != nil && recent.releaseAs?.commit == all.releaseAs?.commit)
        guard bump != .none || isForced else { return }

        var next: SemanticVersion
        if let stated {
            next = stated.version
        } else {
            next = try Self.counted(all, from: last?.version, rules)
        }
        if stated == nil, let candidate { next = max(next, candidate.version.core) }
        if let word = options.preRelease, !next.isPreRelease {
            next = next.numbered(word, after: announced.map(\.version))
        }
        if let highest = history.releases.map(\.version).max(), next <= highest {
            let name = stated.map { $0.reason } ?? "the version"
            throw PlanError("\(name) would be \(next), which is not higher than \(highest)")
        }
        version = next
        if let stated {
            (bump, reason) = (Bump(from: last?.version ?? next, to: next), stated.reason)
        }
    }

    private static func counted(
        _ changes: ChangeList, from last: SemanticVersion?, _ rules: ReleaseRules
    ) throws(PlanError) -> SemanticVersion {
        if let last { return last.bumped(rules.counted(changes.bump, from: last)) }
        return try parse(rules.firstVersion, "the rules' first version")
    }

    /// The version that somebody asked for, if any: by option, else by the newest footer.
    private static func stated(
        _ options: PlanOptions, _ changes: ChangeList, _ history: ReleaseHistory
    ) throws(PlanError) -> (version: SemanticVersion, reason: String)? {
        if let text = options.releaseAs {
            return (try parse(text, "the stated version"), "the version was stated: \(text)")
        }
        guard let (text, commit) = changes.releaseAs else { return nil }
        let reason = "Release-As: \(text) in \(commit.prefix(7))"
        let version = try parse(text, reason)
        // A pre-release that was stated is done; what leads on from it is counted.
        let isDone = version.isPreRelease && history.releases.contains { $0.version == version }
        return isDone ? nil : (version, reason)
    }

    private static func parse(
        _ text: String, _ place: String
    ) throws(PlanError) -> SemanticVersion {
        do {
            return try SemanticVersion(parsing: text)
        } catch {
            throw PlanError("\(place): \(error)")
        }
    }
}

extension ReleaseHistory {
    fileprivate func commits(since release: KnownRelease) -> [Commit] {
        let old = CommitRange(commits, PullRequests()).reachable(from: release.commit)
        return commits.enumerated().filter { !old.contains($0.offset) }.map(\.element)
    }
}

extension ReleaseRules {
    /// What is done about what was asked for.
    fileprivate func counted(_ bump: Bump, from last: SemanticVersion?) -> Bump {
        let isEarly = (last?.major ?? 0) == 0
        return bump == .major && isEarly && !breakingLeavesZero ? .minor : bump
    }
}

extension SemanticVersion {
    /// The next of the pre-releases with this word.
    fileprivate func numbered(_ word: String, after known: [SemanticVersion]) -> SemanticVersion {
        let numbers = known.filter { $0.core == core }.compactMap { version -> Int? in
            guard version.preRelease.count == 2, version.preRelease[0] == .word(word),
                case .number(let number) = version.preRelease[1]
            else { return nil }
            return number
        }
        var next = core
        next.preRelease = [.word(word), .number((numbers.max() ?? 0) + 1)]
        return next
    }
}

extension ChangeList {
    fileprivate func reason(
        for asked: Bump, counted: Bump, from last: SemanticVersion?
    ) -> String {
        guard let change = first(asking: asked), asked != .none else {
            return changes.isEmpty
                ? "there are no commits since the last release"
                : "no commit since the last release asks for one"
        }
        let what =
            switch asked {
            case .major: "is breaking"
            case .minor: "is a feature"
            default: change.type.map { "is a \($0)" } ?? "is labelled as a fix"
            }
        let early = asked != counted ? ", which makes a minor version in 0.x" : ""
        let first = last == nil ? "the first release; " : ""
        return "\(first)\(change.commit.prefix(7)) \(what)\(early): \(change.summary)"
    }
}
