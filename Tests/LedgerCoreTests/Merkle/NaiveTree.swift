import LedgerCore

/// RFC 6962 §2.1 as it stands there, by recursion: slow, and plain to see.
enum NaiveTree {
    static func root(_ leaves: ArraySlice<Digest>) -> Digest {
        switch leaves.count {
        case 0: return SHA256.hash([])
        case 1: return leaves[leaves.startIndex]
        default:
            let middle = leaves.startIndex + split(leaves.count)
            return node(root(leaves[..<middle]), root(leaves[middle...]))
        }
    }

    /// §2.1.1: PATH(m, D[n]).
    static func path(_ index: Int, _ leaves: ArraySlice<Digest>) -> [Digest] {
        guard leaves.count > 1 else { return [] }
        let width = split(leaves.count)
        let middle = leaves.startIndex + width
        return index < width
            ? path(index, leaves[..<middle]) + [root(leaves[middle...])]
            : path(index - width, leaves[middle...]) + [root(leaves[..<middle])]
    }

    /// §2.1.2: PROOF(m, D[n]).
    static func proof(_ old: Int, _ leaves: ArraySlice<Digest>) -> [Digest] {
        old == 0 || old == leaves.count ? [] : subproof(old, leaves, isWhole: true)
    }

    private static func subproof(
        _ old: Int, _ leaves: ArraySlice<Digest>, isWhole: Bool
    ) -> [Digest] {
        if old == leaves.count { return isWhole ? [] : [root(leaves)] }
        let width = split(leaves.count)
        let middle = leaves.startIndex + width
        return old <= width
            ? subproof(old, leaves[..<middle], isWhole: isWhole) + [root(leaves[middle...])]
            : subproof(old - width, leaves[middle...], isWhole: false) + [root(leaves[..<middle])]
    }

    /// The largest power of two below a count above 1.
    private static func split(_ count: Int) -> Int {
        var width = 1
        while width * 2 < count { width *= 2 }
        return width
    }

    static func node(_ left: Digest, _ right: Digest) -> Digest {
        SHA256.hash([0x01] + left.bytes + right.bytes)
    }
}

/// Leaf hashes in memory, with the subtree hashes of docs/spec/tree.md.
struct MemoryHashes: StoredHashes {
    private(set) var range = CompactRange()
    private var levels: [Int: [Digest]] = [:]
    private(set) var roots: [Digest] = [TreeHasher.emptyRoot]

    init(_ leaves: [Digest]) {
        var hasher = TreeHasher()
        levels[0] = leaves
        for leaf in leaves {
            var completed: [(Int, Digest)] = []
            range.append(leaf, with: &hasher) { height, root in
                if height.isMultiple(of: 8) { completed.append((height / 8, root)) }
            }
            for (level, root) in completed { levels[level, default: []].append(root) }
            roots.append(range.root(with: &hasher))
        }
    }

    func hashes(level: Int, numbers: Range<UInt64>) throws -> [Digest] {
        Array((levels[level] ?? [])[Int(numbers.lowerBound)..<Int(numbers.upperBound)])
    }

    /// Leaf hashes of different contents.
    static func leaves(_ count: Int) -> [Digest] {
        (0..<count).map { SHA256.hash([0x00] + Array("\($0)".utf8)) }
    }
}
