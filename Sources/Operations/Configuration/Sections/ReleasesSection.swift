import BoringDeploy

/// `releases`: how versions are counted and notes are sorted.
enum ReleasesSection {
    static func read(_ value: Value?) -> ReleaseRules {
        var rules = ReleaseRules()
        guard let value,
            let section = SectionReader(
                value,
                keys: [
                    "tagPrefix", "firstVersion", "patchTypes", "majorLabels", "minorLabels",
                    "patchLabels", "breakingLeavesZero",
                ])
        else { return rules }
        if let prefix = section["tagPrefix"]?.text(orEmpty: true) { rules.tagPrefix = prefix }
        if let version = section["firstVersion"]?.version() { rules.firstVersion = version }
        if let types = section["patchTypes"]?.texts() { rules.patchTypes = types }
        if let labels = section["majorLabels"]?.texts() { rules.majorLabels = labels }
        if let labels = section["minorLabels"]?.texts() { rules.minorLabels = labels }
        if let labels = section["patchLabels"]?.texts() { rules.patchLabels = labels }
        if let leaves = section["breakingLeavesZero"]?.bool() { rules.breakingLeavesZero = leaves }
        return rules
    }
}
