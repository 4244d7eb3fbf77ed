import LedgerCore

/// Why a rehearsal is no evidence for a set of migration files.
package enum EvidenceMismatch: Sendable, Equatable {
    /// The release has the file, the rehearsal did not run it.
    case notRehearsed(path: String)
    /// Both have it, with different content.
    case otherContent(path: String)
    /// The rehearsal ran it, the release does not have it.
    case notInRelease(path: String)

    package var path: String {
        switch self {
        case .notRehearsed(let path), .otherContent(let path), .notInRelease(let path): path
        }
    }

    /// In words, as "migrations/7.up.sql has other content than what was rehearsed".
    package var description: String {
        switch self {
        case .notRehearsed: "\(path) was not rehearsed"
        case .otherContent: "\(path) has other content than what was rehearsed"
        case .notInRelease: "\(path) was rehearsed, but is not among the migrations here"
        }
    }
}

extension MigrationRehearsed {
    /// How what ran differs from a release's migration files; none if it is evidence for them.
    ///
    /// The rollback's own file may be one of the release's, and need not be.
    package func mismatches(with release: [MigrationFile]) -> [EvidenceMismatch] {
        let wanted = Dictionary(release.map { ($0.path, $0.digest) }) { first, _ in first }
        var ran = Dictionary(files.map { ($0.path, $0.digest) }) { first, _ in first }
        if let file = down.file, wanted[file.path] != nil { ran[file.path] = file.digest }
        let paths = Set(wanted.keys).union(ran.keys).sorted()
        return paths.compactMap { path in
            switch (wanted[path], ran[path]) {
            case (nil, _): .notInRelease(path: path)
            case (_, nil): .notRehearsed(path: path)
            case (let wanted?, let ran?): wanted == ran ? nil : .otherContent(path: path)
            }
        }
    }

    /// Whether it passed, for exactly these files.
    package func isEvidence(for release: [MigrationFile]) -> Bool {
        outcome == .passed && mismatches(with: release).isEmpty
    }
}
