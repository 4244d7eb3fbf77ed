// C2SP tlog-proof: https://c2sp.org/tlog-proof
//
//     c2sp.org/tlog-proof@v1
//     [extra <base64>]
//     index <position>
//     <base64 hash>  …
//
//     <signed checkpoint>

/// That an entry is in a log, in one file: its position, the path, and the signed tree head.
package struct TransparencyProof: Sendable, Equatable {
    package let position: Position
    package let path: InclusionProof
    package let checkpoint: SignedNote

    package init(position: Position, path: InclusionProof, checkpoint: SignedNote) {
        self.position = position
        self.path = path
        self.checkpoint = checkpoint
    }

    package init(parsing bytes: [UInt8]) throws(NoteError) {
        guard
            let divide = bytes.indices.dropLast().first(where: {
                bytes[$0] == 0x0A && bytes[$0 + 1] == 0x0A
            }), let head = String(validating: bytes[..<divide], as: UTF8.self)
        else { throw NoteError("a proof has no empty line before its checkpoint") }
        var lines = head.split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard lines.popFirst() == "c2sp.org/tlog-proof@v1" else {
            throw NoteError("a proof starts with the line c2sp.org/tlog-proof@v1")
        }
        if let extra = lines.first, extra.hasPrefix("extra ") {
            guard Base64.decode(extra.dropFirst("extra ".count)) != nil else {
                throw NoteError("the extra data of a proof is not base64")
            }
            lines = lines.dropFirst()
        }
        guard let index = lines.popFirst(), index.hasPrefix("index "),
            let position = UInt64(decimal: index.dropFirst("index ".count))
        else { throw NoteError("a proof has a line \"index N\"") }
        self.position = Position(position)
        path = InclusionProof(hashes: try ProofLines.parse(lines))
        checkpoint = try SignedNote(parsing: Array(bytes[(divide + 2)...]))
    }

    package var description: String {
        "c2sp.org/tlog-proof@v1\nindex \(position)\n" + ProofLines.text(path.hashes) + "\n"
            + checkpoint.description
    }

    /// Whether the entry hash is in the tree of the checkpoint, signed by the key; throws the
    /// reason if not.
    package func verify(_ hash: Digest, by key: VerifierKey) throws(NoteError) {
        let head = try Checkpoint(verifying: checkpoint, by: key)
        guard path.verifies(hash, at: position, in: head.size, root: head.root) else {
            throw NoteError("the path does not lead from the entry to the checkpoint's root")
        }
    }
}

/// That the log of a checkpoint continues an older one: the body of a C2SP witness's add-checkpoint
/// (https://c2sp.org/tlog-witness).
///
///     old <size>
///     <base64 hash>  …
///
///     <signed checkpoint>
package struct WitnessRequest: Sendable, Equatable {
    package let old: TreeSize
    package let path: ConsistencyProof
    package let checkpoint: SignedNote

    package init(old: TreeSize, path: ConsistencyProof, checkpoint: SignedNote) {
        self.old = old
        self.path = path
        self.checkpoint = checkpoint
    }

    package var description: String {
        "old \(old)\n" + ProofLines.text(path.hashes) + "\n" + checkpoint.description
    }
}

/// Hashes, one base64 line each.
private enum ProofLines {
    /// More than any tree of 2^63 leaves needs (C2SP tlog-witness).
    static let most = 63

    static func parse(_ lines: some Sequence<Substring>) throws(NoteError) -> [Digest] {
        var hashes: [Digest] = []
        for line in lines {
            guard let hash = Base64.decode(line).flatMap({ Digest($0) }) else {
                throw NoteError("a line of a proof is not 32 bytes in base64")
            }
            hashes.append(hash)
        }
        guard hashes.count <= most else { throw NoteError("a proof has more than 63 hashes") }
        return hashes
    }

    static func text(_ hashes: [Digest]) -> String {
        hashes.map { $0.base64 + "\n" }.joined()
    }
}
