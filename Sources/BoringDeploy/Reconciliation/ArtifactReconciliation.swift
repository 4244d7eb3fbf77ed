import LedgerCore

/// Artifacts as a registry and as the cuts have them.
package enum ArtifactReconciliation {
    package static func compare(
        _ list: [Digest: String], with artifacts: [Digest: String]
    ) -> Reconciled {
        var result = Reconciled("artifacts", outside: list.count)
        for (digest, name) in list.sorted(by: { $0.key.hex < $1.key.hex }) {
            if artifacts[digest] != nil {
                result.matched += 1
            } else {
                result.discrepancies.append(
                    Discrepancy("artifact:\(digest.reference)", "\(name) is of no release"))
            }
        }
        for (digest, release) in artifacts.sorted(by: { $0.key.hex < $1.key.hex })
        where list[digest] == nil {
            result.discrepancies.append(
                Discrepancy(
                    "artifact:\(digest.reference)", "is of release \(release), and not in the list")
            )
        }
        return result
    }
}
