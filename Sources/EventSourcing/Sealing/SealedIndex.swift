import LedgerCore

/// The index as a seal commits it, kept in a read-model store so that any proof reads a few pages,
/// however many keys there are.
///
/// Kinds of documents: `leaves:<last key>`, a page of up to 256 leaves in the order of their
/// keys, and `hashes:<level>:<number>`, up to 256 hashes of a level of the tree (docs/spec/tree.md
/// counts levels the same way). The cursor names the seal's entry.
package struct SealedIndex: Sendable {
    package let seal: RecordedSeal

    private let models: any ReadModels

    static let name = "sealed-index"
    private static let version = 2
    private static let width = 256

    /// The index of a seal, if it is the one that is kept here.
    ///
    /// - Parameter models: What nobody changes meanwhile.
    package init?(
        _ seal: RecordedSeal, in models: any ReadModels
    ) async throws(StoreError) {
        guard let cursor = try await models.cursor(of: Self.name), cursor.hash == seal.hash,
            cursor.version == Self.version
        else { return nil }
        self.seal = seal
        self.models = models
    }

    typealias HashedLeaf = (leaf: IndexLeaf, hash: Digest)

    /// All leaves in the order of their keys, if they are what the seal commits; else nil.
    func leaves() async throws(StoreError) -> [HashedLeaf]? {
        var leaves: [HashedLeaf] = []
        var hasher = IndexHasher()
        var treeHasher = TreeHasher()
        var range = CompactRange()
        var last: DocumentKey?
        pages: while true {
            // Each lot starts with the last page of the one before.
            let lot = try await models.documents(
                of: Self.name, from: last ?? DocumentKey(Self.leaves), limit: 50)
            for (key, document) in lot where key != last {
                guard key.text.utf8.starts(with: Self.leaves.utf8) else { break pages }
                for leaf in try Self.leafPage(document).leaves {
                    let hash = hasher.leaf(leaf)
                    range.append(hash, with: &treeHasher)
                    leaves.append((leaf, hash))
                }
            }
            guard let end = lot.last?.key, end != last else { break }
            last = end
        }
        let root = IndexRoot(keys: range.size, root: range.root(with: &treeHasher))
        return root == seal.sealed.index ? leaves : nil
    }

    // MARK: Proofs

    /// The leaf of a key, proven; nil if no entry has it.
    package func leaf(of key: IndexKey) async throws(StoreError) -> ProvenLeaf? {
        guard let page = try await page(from: key),
            let place = page.leaves.firstIndex(where: { $0.key == key })
        else { return nil }
        return try await proven(page.leaves[place], at: page.first + UInt64(place))
    }

    /// That no entry has a key; nil if one has.
    package func absence(of key: IndexKey) async throws(StoreError) -> AbsenceProof? {
        let keys = seal.sealed.index.keys.value
        var index = keys
        var right: ProvenLeaf?
        if let page = try await page(from: key),
            let place = page.leaves.firstIndex(where: { !($0.key < key) })
        {
            guard page.leaves[place].key != key else { return nil }
            index = page.first + UInt64(place)
            right = try await proven(page.leaves[place], at: index)
        }
        guard index > 0 else { return AbsenceProof(of: key, left: nil, right: right) }
        let left = try await proven(try await leaf(at: index - 1), at: index - 1)
        return AbsenceProof(of: key, left: left, right: right)
    }

    private func proven(
        _ leaf: IndexLeaf, at index: UInt64
    ) async throws(StoreError) -> ProvenLeaf {
        var hashes = LoadedHashes()
        while true {
            do throws(MissingPage) {
                let path = try hashes.path(of: Position(index), in: seal.sealed.index.keys)
                return ProvenLeaf(leaf, index: Position(index), path: path)
            } catch {
                hashes.pages[error] = try await page(of: error)
            }
        }
    }

    // MARK: Pages

    private typealias LeafPage = (first: UInt64, leaves: [IndexLeaf])

    /// The page that holds the key, or the first key after it.
    private func page(from key: IndexKey) async throws(StoreError) -> LeafPage? {
        let start = DocumentKey(Self.leaves + key.text)
        let found = try await models.documents(of: Self.name, from: start, limit: 1).first
        guard let found, found.key.text.utf8.starts(with: Self.leaves.utf8) else { return nil }
        return try Self.leafPage(found.document)
    }

    private func leaf(at index: UInt64) async throws(StoreError) -> IndexLeaf {
        let key = DocumentKey("\(Self.pages)\(index / UInt64(Self.width))")
        guard let last = try await models.documents(of: Self.name, [key])[key]?.string,
            let page = try await page(from: IndexKey(last)), page.first <= index,
            index - page.first < page.leaves.count
        else { throw Self.damaged }
        return page.leaves[Int(index - page.first)]
    }

    private func page(of missing: MissingPage) async throws(StoreError) -> [Digest] {
        let key = missing.key
        guard let text = try await models.documents(of: Self.name, [key])[key]?.string,
            let bytes = Hex.decode(text), bytes.count.isMultiple(of: Digest.byteCount)
        else { throw Self.damaged }
        return stride(from: 0, to: bytes.count, by: Digest.byteCount).compactMap {
            Digest(Array(bytes[$0..<($0 + Digest.byteCount)]))
        }
    }

    private static func leafPage(_ document: JSONValue) throws(StoreError) -> LeafPage {
        guard let object = document.object, let first = object["first"]?.integer,
            let rows = object["leaves"]?.array
        else { throw damaged }
        let leaves = rows.compactMap { row -> IndexLeaf? in
            guard let row = row.array, row.count == 3, let key = row[0].string,
                let count = row[1].integer.flatMap({ UInt64(exactly: $0) }),
                let accumulator = row[2].string.flatMap({ Digest(hex: $0) })
            else { return nil }
            return IndexLeaf(
                key: IndexKey(key), tally: KeyTally(count: count, accumulator: accumulator))
        }
        guard leaves.count == rows.count, first >= 0 else { throw damaged }
        return (UInt64(first), leaves)
    }

    private static let damaged = StoreError(
        .damaged, "the read models are damaged; delete the -models file beside the ledger")

    private static let leaves = "leaves:"
    private static let pages = "page:"

    // MARK: Building

    /// Collects an index whose leaves come in the order of their keys.
    struct Builder: ~Copyable {
        private var documents: [DocumentKey: JSONValue] = [:]
        private var page: [IndexLeaf] = []
        private var levels: [Int: [Digest]] = [:]
        private var range = CompactRange()
        private var hasher = IndexHasher()
        private var treeHasher = TreeHasher()

        mutating func add(_ leaf: IndexLeaf) { add((leaf, hasher.leaf(leaf))) }

        mutating func add(_ hashed: HashedLeaf) {
            let (leaf, hash) = hashed
            page.append(leaf)
            levels[0, default: []].append(hash)
            var completed: [(level: Int, root: Digest)] = []
            range.append(hash, with: &treeHasher) { height, root in
                if height.isMultiple(of: 8) { completed.append((height / 8, root)) }
            }
            for (level, root) in completed { levels[level, default: []].append(root) }
            if page.count == SealedIndex.width { endPage() }
        }

        private mutating func endPage() {
            guard let last = page.last else { return }
            let first = range.size.value - UInt64(page.count)
            let rows = page.map { leaf -> JSONValue in
                [
                    .string(leaf.key.text), .number(Double(leaf.tally.count)),
                    .string(leaf.tally.accumulator.hex),
                ]
            }
            documents[DocumentKey(SealedIndex.leaves + last.key.text)] = [
                "first": .number(Double(first)), "leaves": .array(rows),
            ]
            documents[DocumentKey("\(SealedIndex.pages)\(first / UInt64(SealedIndex.width))")] =
                .string(last.key.text)
            page = []
        }

        var root: IndexRoot {
            mutating get { IndexRoot(keys: range.size, root: range.root(with: &treeHasher)) }
        }

        /// Keeps the index as that of a seal, in place of the one that was there.
        mutating func keep(
            for seal: RecordedSeal, in models: any ReadModelStore
        ) async throws(StoreError) {
            endPage()
            for (level, hashes) in levels {
                for start in stride(from: 0, to: hashes.count, by: SealedIndex.width) {
                    let part = hashes[start..<min(start + SealedIndex.width, hashes.count)]
                    let missing = MissingPage(
                        level: level, number: UInt64(start / SealedIndex.width))
                    documents[missing.key] = .string(Hex.encode(part.flatMap(\.bytes)))
                }
            }
            let cursor = ProjectionCursor(
                position: seal.position, hash: seal.hash, version: SealedIndex.version)
            try await models.replace(documents, cursor: cursor, of: SealedIndex.name)
        }
    }
}

/// 256 hashes of a level of the tree that a proof needs.
private struct MissingPage: Error, Hashable {
    let level: Int
    let number: UInt64

    var key: DocumentKey { DocumentKey("hashes:\(level):\(number)") }
}

/// The pages that were read so far. What is missing is thrown, read, and tried again: a tree's
/// proofs are made without waiting, and reading waits.
private struct LoadedHashes: StoredHashes {
    var pages: [MissingPage: [Digest]] = [:]

    func path(of index: Position, in size: TreeSize) throws(MissingPage) -> InclusionProof {
        do {
            var tree = StoredTree(self)
            return try tree.inclusionProof(of: index, in: size)
        } catch let missing as MissingPage {
            throw missing
        } catch {
            preconditionFailure("only a page can be missing: \(error)")
        }
    }

    func hashes(level: Int, numbers: Range<UInt64>) throws -> [Digest] {
        let page = MissingPage(level: level, number: numbers.lowerBound / 256)
        guard let hashes = pages[page] else { throw page }
        let first = page.number * 256
        return numbers.compactMap { number in
            let place = Int(number - first)
            return hashes.indices.contains(place) ? hashes[place] : nil
        }
    }
}
