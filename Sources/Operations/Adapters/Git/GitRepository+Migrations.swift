import BoringDeploy
import LedgerCore

extension GitRepository {
    /// The paths that differ between two commits (all, without an older one) and match a glob, in
    /// order, each with the digest of its content at the newer one.
    package func migrations(
        in commit: String, since old: String?, matching globs: [PathGlob]
    ) async throws(GitError) -> [MigrationFile] {
        guard !globs.isEmpty else { return [] }
        let listing =
            if let old {
                try await run(["diff", "--name-only", "-z", "--no-renames", old, commit, "--"])
            } else {
                try await run(["ls-tree", "-r", "-z", "--name-only", "--full-tree", commit])
            }
        let paths = Self.fields(listing).filter { path in globs.contains { $0.matches(path) } }
        guard !paths.isEmpty else { return [] }
        let digests = try await digests(of: paths, in: commit)
        return zip(paths, digests).map { MigrationFile(path: $0, digest: $1) }
    }

    /// SHA-256 of the contents at a commit; nil for a path that is not there.
    private func digests(
        of paths: [String], in commit: String
    ) async throws(GitError) -> [Digest?] {
        // A line a path; the rare name with a line feed in it is asked for by its object.
        var names: [String] = []
        for path in paths {
            guard path.contains("\n") else {
                names.append("\(commit):\(path)")
                continue
            }
            let entry = try await run([
                "ls-tree", "-z", "--full-tree", "--format=%(objectname)", commit, "--", path,
            ])
            names.append(Self.fields(entry).first ?? "\(commit):missing")
        }
        let output = try await run(
            ["cat-file", "--batch"], input: Array(names.map { $0 + "\n" }.joined().utf8))
        var reader = BatchOutput(rest: output[...])
        var digests: [Digest?] = []
        for name in names { digests.append(try reader.next(name)) }
        return digests
    }
}

/// What `git cat-file --batch` prints: `<id> <type> <size>\n<content>\n`, or `<name> missing\n`.
private struct BatchOutput {
    var rest: ArraySlice<UInt8>

    mutating func next(_ name: String) throws(GitError) -> Digest? {
        // A name that is missing is printed as it was asked for, blanks and all.
        let missing = Array("\(name) missing\n".utf8)
        if rest.starts(with: missing) {
            rest = rest.dropFirst(missing.count)
            return nil
        }
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { throw broken(name) }
        let words = String(decoding: rest[..<end], as: UTF8.self).split(separator: " ")
        guard words.count == 3, let size = Int(words[2]), size >= 0,
            rest.count > end - rest.startIndex + 1 + size
        else { throw broken(name) }
        let content = rest[(end + 1)..<(end + 1 + size)]
        rest = rest[(end + 1 + size + 1)...]
        // A submodule or a folder has no content of its own.
        return words[1] == "blob" ? SHA256.hash(Array(content)) : nil
    }

    private func broken(_ name: String) -> GitError {
        GitError(.failed, "git cat-file broke off at \(name)")
    }
}
