import LedgerCore

/// `proofs.json` (docs/spec/bundle.md): where every entry stands, and that nothing is left out.
package struct BundleProofs: Sendable {
    package struct EntryProof: Sendable {
        package let position: Position
        package let previous: Digest
        package let hash: Digest
        package let path: InclusionProof
    }

    /// That the entries at these positions, with what is summed up before and after them, are all of
    /// a key.
    package struct Completeness: Sendable {
        package let leaf: ProvenLeaf
        package let positions: [Position]
        package let before: KeyTally
        package let after: [Digest]

        package init(
            leaf: ProvenLeaf, positions: [Position], before: KeyTally = .none, after: [Digest] = []
        ) {
            self.leaf = leaf
            self.positions = positions
            self.before = before
            self.after = after
        }
    }

    /// That the log of an older size is the beginning of this one.
    package struct Continuation: Sendable {
        package let size: TreeSize
        package let root: Digest
        package let path: ConsistencyProof

        package init(size: TreeSize, root: Digest, path: ConsistencyProof) {
            self.size = size
            self.root = root
            self.path = path
        }
    }

    package var entries: [EntryProof]
    package var complete: [Completeness]
    package var absent: [AbsenceProof]
    package var consistency: [Continuation]

    package init(
        entries: [(entry: Entry, path: InclusionProof)], complete: [Completeness],
        absent: [AbsenceProof], consistency: [Continuation]
    ) {
        self.entries = entries.map {
            EntryProof(
                position: $0.entry.position, previous: $0.entry.previous, hash: $0.entry.hash,
                path: $0.path)
        }
        self.complete = complete
        self.absent = absent
        self.consistency = consistency
    }
}

// MARK: - Reading

extension BundleProofs {
    package init(reading bytes: [UInt8]) throws(FormatError) {
        let object = try StrictObject(
            try .readingWhole(bytes), at: "proofs",
            members: ["entries", "complete", "absent", "consistency"])
        entries = try object.list("entries", EntryProof.init)
        complete = try object.list("complete", Completeness.init)
        absent = try object.list("absent", Self.absence)
        consistency = try object.list("consistency", Continuation.init)
        guard zip(consistency, consistency.dropFirst()).allSatisfy({ $0.size < $1.size }) else {
            throw FormatError("proofs.consistency is not in ascending order of size")
        }
    }

    private static func absence(
        _ value: JSONValue, at path: String
    ) throws(FormatError) -> AbsenceProof {
        let object = try StrictObject(value, at: path, members: ["key", "left", "right"])
        func leaf(_ name: String) throws(FormatError) -> ProvenLeaf? {
            guard !object.isNull(name) else { return nil }
            let members = ["key", "index", "count", "acc", "path"]
            return try ProvenLeaf(
                StrictObject(object.value(name), at: "\(path).\(name)", members: members))
        }
        return AbsenceProof(
            of: try object.indexKey("key"), left: try leaf("left"), right: try leaf("right"))
    }
}

extension ProvenLeaf {
    fileprivate init(_ object: StrictObject) throws(FormatError) {
        let tally = KeyTally(
            count: try object.number("count"), accumulator: try object.digest("acc"))
        self.init(
            IndexLeaf(key: try object.indexKey("key"), tally: tally),
            index: Position(try object.number("index")),
            path: InclusionProof(hashes: try object.digests("path")))
    }
}

extension BundleProofs.EntryProof {
    fileprivate init(_ value: JSONValue, at path: String) throws(FormatError) {
        let object = try StrictObject(
            value, at: path, members: ["position", "previous", "hash", "path"])
        position = Position(try object.number("position"))
        previous = try object.digest("previous")
        hash = try object.digest("hash")
        self.path = InclusionProof(hashes: try object.digests("path"))
    }
}

extension BundleProofs.Completeness {
    fileprivate init(_ value: JSONValue, at path: String) throws(FormatError) {
        let object = try StrictObject(
            value, at: path,
            members: ["key", "index", "count", "acc", "path", "positions", "before", "after"])
        leaf = try ProvenLeaf(object)
        positions = try object.list("positions") { (value, path) throws(FormatError) in
            guard let position = value.integer.flatMap({ UInt64(exactly: $0) }) else {
                throw FormatError("\(path) is not a position")
            }
            return Position(position)
        }
        let before = try StrictObject(
            object.value("before"), at: "\(path).before", members: ["count", "acc"])
        self.before = KeyTally(
            count: try before.number("count"), accumulator: try before.digest("acc"))
        after = try object.digests("after")
    }
}

extension BundleProofs.Continuation {
    fileprivate init(_ value: JSONValue, at path: String) throws(FormatError) {
        let object = try StrictObject(value, at: path, members: ["size", "root", "path"])
        size = TreeSize(try object.number("size"))
        root = try object.digest("root")
        self.path = ConsistencyProof(hashes: try object.digests("path"))
    }
}

// MARK: - Writing

extension BundleProofs {
    package var json: JSONValue {
        [
            "entries": .array(
                entries.map {
                    [
                        "position": .number($0.position.value),
                        "previous": .string($0.previous.hex),
                        "hash": .string($0.hash.hex), "path": .digests($0.path.hashes),
                    ]
                }),
            "complete": .array(complete.map(\.json)),
            "absent": .array(
                absent.map {
                    [
                        "key": .string($0.key.text), "left": $0.left.map(\.json) ?? .null,
                        "right": $0.right.map(\.json) ?? .null,
                    ]
                }),
            "consistency": .array(
                consistency.map {
                    [
                        "size": .number($0.size.value), "root": .string($0.root.hex),
                        "path": .digests($0.path.hashes),
                    ]
                }),
        ]
    }
}

extension ProvenLeaf {
    fileprivate var json: JSONValue {
        [
            "key": .string(leaf.key.text), "index": .number(index.value),
            "count": .number(leaf.tally.count), "acc": .string(leaf.tally.accumulator.hex),
            "path": .digests(path.hashes),
        ]
    }
}

extension BundleProofs.Completeness {
    fileprivate var json: JSONValue {
        var object = leaf.json.object ?? JSONObject()
        object["positions"] = .array(positions.map { .number($0.value) })
        object["before"] = [
            "count": .number(before.count), "acc": .string(before.accumulator.hex),
        ]
        object["after"] = .digests(after)
        return .object(object)
    }
}
