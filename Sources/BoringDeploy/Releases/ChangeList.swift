/// The changes of a range of commits, newest first, each told once.
struct ChangeList {
    private(set) var changes: [Change] = []
    private(set) var authors: [Identity] = []
    private(set) var labels: [String] = []
    /// The newest `Release-As:` that was not taken back, and its commit.
    private(set) var releaseAs: (version: String, commit: String)?

    private let rules: ReleaseRules
    private let pulls: PullRequests

    init(_ commits: [Commit], _ pulls: PullRequests, _ rules: ReleaseRules) {
        self.rules = rules
        self.pulls = pulls
        let range = CommitRange(commits, pulls)
        let nettedOut = Reverts(range).nettedOut
        var loudest: [Int: Int] = [:]
        var known: Set<Identity> = []
        // Merges speak last: only for what their commits do not say themselves.
        var told: [(place: Int, change: Change)] = []
        for (place, item) in range.items.enumerated() {
            let isUndone = nettedOut.contains(place)
            if releaseAs == nil, !isUndone,
                let version = item.message.values(of: "Release-As").first
            {
                releaseAs = (version, item.commit.id)
            }
            guard !item.commit.isMerge else { continue }
            let people = people(of: item)
            for person in people where known.insert(person).inserted { authors.append(person) }
            let change = change(of: item, item.conventional, people, isUndone)
            told.append((place, change))
            if let merge = item.merge {
                let volume = item.conventional == nil ? -1 : rules.bump(for: change).rank
                loudest[merge] = max(loudest[merge] ?? -1, volume)
            }
        }
        for (merge, volume) in loudest {
            let item = range.items[merge]
            guard let conventional = Self.quoted(item) else { continue }
            let isUndone = nettedOut.contains(merge)
            let change = change(of: item, conventional, people(of: item), isUndone)
            if rules.bump(for: change).rank > volume { told.append((merge, change)) }
        }
        changes = told.sorted { $0.place < $1.place }.map(\.change)
        labels = Set(changes.flatMap(\.labels)).sorted()
    }

    /// The most that a change asks for; what nets out asks for nothing.
    var bump: Bump {
        changes.filter { !$0.reverted }.map { rules.bump(for: $0) }.max() ?? .none
    }

    /// The newest change that asks for so much.
    func first(asking bump: Bump) -> Change? {
        changes.first { !$0.reverted && rules.bump(for: $0) == bump }
    }

    private func change(
        of item: CommitRange.Item, _ conventional: ConventionalCommit?, _ people: [Identity],
        _ isUndone: Bool
    ) -> Change {
        let labels = item.pull.flatMap { pulls[$0] }?.labels ?? []
        // git's own words for a revert are not conventional, but no less clear.
        let type = conventional?.type ?? (Reverts.isRevert(item.message) ? "revert" : nil)
        return Change(
            commit: item.commit.id, type: type, scope: conventional?.scope,
            breaking: conventional?.isBreaking == true
                || !Set(labels).isDisjoint(with: rules.majorLabels),
            upgrade: conventional?.upgrade,
            summary: conventional?.summary ?? item.message.header, pull: item.pull,
            labels: labels,
            authors: people.filter { $0.login == nil }.map(\.mailbox), reverted: isUndone)
    }

    /// The author, the co-authors, and whoever opened the pull request.
    private func people(of item: CommitRange.Item) -> [Identity] {
        var people = [item.commit.author]
        for text in item.message.values(of: "Co-authored-by") {
            let person = Identity(mailbox: text) ?? Identity(name: text)
            if !people.contains(person) { people.append(person) }
        }
        if let login = item.pull.flatMap({ pulls[$0] })?.login {
            people.append(Identity(login: login))
        }
        return people
    }

    /// What a merge says: in its header, or as GitHub quotes the pull request's title below it.
    private static func quoted(_ item: CommitRange.Item) -> ConventionalCommit? {
        if let own = item.conventional { return own }
        let message = item.commit.message
        guard message.hasPrefix("Merge "), let end = message.firstIndex(of: "\n") else {
            return nil
        }
        return ConventionalCommit(String(message[end...]))
    }
}
