// C2SP tlog-checkpoint: https://c2sp.org/tlog-checkpoint
//
//     <origin>
//     <size>
//     <base64 root>
//     [extension lines]

/// A tree head: how many entries the log has, and the root that commits to all of them.
package struct Checkpoint: Sendable, Equatable {
    package let origin: KeyName
    package let size: TreeSize
    package let root: Digest

    package init(origin: KeyName, size: TreeSize, root: Digest) {
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// Reads the text of a note. Extension lines are allowed and not kept.
    package init(parsing text: String) throws(NoteError) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.popLast()?.isEmpty == true, lines.count >= 3 else {
            throw NoteError("a checkpoint has three lines: origin, size, root")
        }
        guard !lines.contains(where: \.isEmpty) else {
            throw NoteError("a checkpoint holds an empty line")
        }
        origin = try KeyName(String(lines[0]))
        guard let size = UInt64(decimal: lines[1]), size <= Int64.max else {
            throw NoteError(
                "the size of a checkpoint is a decimal number without leading zeros, below 2^63")
        }
        guard let root = Base64.decode(lines[2]).flatMap({ Digest($0) }) else {
            throw NoteError("the root of a checkpoint is 32 bytes in base64")
        }
        guard size > 0 || root == TreeHasher.emptyRoot else {
            throw NoteError("a checkpoint of size 0 has another root than the empty tree's")
        }
        self.size = TreeSize(size)
        self.root = root
    }

    /// The text of the note.
    package var text: String { "\(origin)\n\(size)\n\(root.base64)\n" }

    /// The note that the log's own key, named by the origin, signs.
    package func signed(by key: SigningKey) throws(CryptoError) -> SignedNote {
        try SignedNote(signing: text, with: key, named: origin)
    }

    /// The checkpoint of a note that the key has signed, and whose origin is the key's name.
    package init(verifying note: SignedNote, by key: VerifierKey) throws(NoteError) {
        try note.verify(key)
        try self.init(parsing: note.text)
        guard origin == key.name else {
            throw NoteError("the checkpoint is of \(origin), not of \(key.name)")
        }
    }
}

extension UInt64 {
    /// A decimal number without sign or leading zeros.
    package init?(decimal text: some StringProtocol) {
        guard let first = text.utf8.first, text.utf8.count == 1 || first != UInt8(ascii: "0"),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        self.init(String(text), radix: 10)
    }
}
