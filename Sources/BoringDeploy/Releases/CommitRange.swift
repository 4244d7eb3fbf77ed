/// The commits of a release, newest first, and what each came by.
struct CommitRange {
    struct Item {
        let commit: Commit
        let message: CommitMessage
        let conventional: ConventionalCommit?
        var pull: Int?
        /// The merge that brought it into the first parents' line; nil if it stands there itself.
        var merge: Int?
    }

    private(set) var items: [Item]
    private let places: [String: Int]

    /// - Parameter commits: Each before its parents.
    init(_ commits: [Commit], _ pulls: PullRequests) {
        items = commits.map { commit in
            let message = CommitMessage(commit.message)
            return Item(
                commit: commit, message: message, conventional: ConventionalCommit(message),
                pull: pulls.number(of: commit, message.header))
        }
        places = Dictionary(
            commits.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        assignMerges()
    }

    /// The commit that an id, perhaps shortened, names.
    func place(of id: String) -> Int? {
        if let place = places[id] { return place }
        let found = items.indices.filter { items[$0].commit.id.hasPrefix(id) }
        return found.count == 1 ? found[0] : nil
    }

    /// All that a commit has below it in the range, itself included.
    func reachable(from id: String) -> Set<Int> {
        guard let start = places[id] else { return [] }
        var seen: Set<Int> = [start]
        var open = [start]
        while let next = open.popLast() {
            for parent in items[next].commit.parents {
                guard let place = places[parent], seen.insert(place).inserted else { continue }
                open.append(place)
            }
        }
        return seen
    }

    /// From the oldest merge of the first parents' line on: what a merge has below it and no
    /// earlier one had came by it.
    private mutating func assignMerges() {
        var line: [Int] = []
        var next = items.isEmpty ? nil : Optional(0)
        while let place = next {
            line.append(place)
            next = items[place].commit.parents.first.flatMap { places[$0] }
        }
        var isTaken = [Bool](repeating: false, count: items.count)
        for place in line { isTaken[place] = true }
        for merge in line.reversed() where items[merge].commit.isMerge {
            var open = Array(items[merge].commit.parents.dropFirst())
            while let id = open.popLast() {
                guard let place = places[id], !isTaken[place] else { continue }
                isTaken[place] = true
                items[place].merge = merge
                items[place].pull = items[place].pull ?? items[merge].pull
                open += items[place].commit.parents
            }
        }
    }
}
