/// How much a version goes up.
package enum Bump: String, Sendable, Comparable {
    case none
    case patch
    case minor
    case major

    package static func < (left: Bump, right: Bump) -> Bool { left.rank < right.rank }

    var rank: Int {
        switch self {
        case .none: 0
        case .patch: 1
        case .minor: 2
        case .major: 3
        }
    }

    /// From one release to a later one.
    init(from old: SemanticVersion, to new: SemanticVersion) {
        if new.major != old.major {
            self = .major
        } else if new.minor != old.minor {
            self = .minor
        } else {
            self = .patch
        }
    }
}

extension ReleaseRules {
    /// What one change asks for; in 0.x as elsewhere.
    func bump(for change: Change) -> Bump {
        if change.breaking { return .major }
        let labels = Set(change.labels)
        if change.type == "feat" || !labels.isDisjoint(with: minorLabels) { return .minor }
        if let type = change.type, patchTypes.contains(type) { return .patch }
        return labels.isDisjoint(with: patchLabels) ? .none : .patch
    }
}

extension SemanticVersion {
    /// The release after this one.
    func bumped(_ bump: Bump) -> SemanticVersion {
        switch bump {
        case .major: SemanticVersion(major + 1, 0, 0)
        case .minor: SemanticVersion(major, minor + 1, 0)
        case .patch: SemanticVersion(major, minor, patch + 1)
        case .none: core
        }
    }
}
