import EventSourcing
import LedgerCore

/// Completeness and absence: docs/spec/index.md.
extension BundleVerifier {
    mutating func checkIndex() {
        guard let manifest, let proofs, files[BundlePaths.entries] != nil else { return }
        if proofs.complete.map(\.leaf.leaf.key) != manifest.complete {
            find(.key, "the proofs are not those of the query", file: BundlePaths.proofs)
        }
        if proofs.absent.map(\.key) != manifest.absent {
            find(.absence, "the proofs are not those of the query", file: BundlePaths.proofs)
        }
        var byKey: [IndexKey: [BundledEntry]] = [:]
        for entry in entries {
            guard let position = entry.position, manifest.sealed.size.covers(position) else {
                continue
            }
            for key in entry.event.indexKeys { byKey[key, default: []].append(entry) }
        }
        for proof in proofs.complete {
            let key = proof.leaf.leaf.key
            for fault in faults(of: proof, among: byKey[key] ?? [], manifest) {
                find(.key, "\(key): \(fault)", file: BundlePaths.proofs)
            }
        }
        for proof in proofs.absent {
            if !proof.verifies(in: manifest.sealed.index) {
                find(.absence, "\(proof.key): not shown to be absent", file: BundlePaths.proofs)
            }
            if let entry = byKey[proof.key]?.first {
                find(
                    .absence, "\(proof.key): the bundle holds such an entry",
                    file: BundlePaths.proofs, at: entry.position)
            }
        }
    }

    private func faults(
        of proof: BundleProofs.Completeness, among bundled: [BundledEntry],
        _ manifest: BundleManifest
    ) -> [String] {
        var faults: [String] = []
        if !proof.leaf.verifies(in: manifest.sealed.index) {
            faults.append("its path does not lead to the seal's root")
        }
        if !zip(proof.positions, proof.positions.dropFirst()).allSatisfy({ $0 < $1 }) {
            faults.append("its positions do not ascend")
        }
        let known = Dictionary(
            bundled.compactMap { $0.proof.map { ($0.position, $0.hash) } },
            uniquingKeysWith: { first, _ in first })
        var tally = proof.before
        var hasher = IndexHasher()
        for position in proof.positions {
            guard let hash = known[position] else {
                faults.append("position \(position) is not bundled, or has another key")
                continue
            }
            tally.add(hash, with: &hasher)
        }
        for hash in proof.after { tally.add(hash, with: &hasher) }
        if tally != proof.leaf.leaf.tally {
            faults.append(
                "the entries shown are not all: \(tally.count) of \(proof.leaf.leaf.tally.count), or "
                    + "others")
        }
        return faults + windowFaults(of: proof, among: bundled, manifest.scope)
    }

    /// What may be summed up instead of shown, and what may not.
    private func windowFaults(
        of proof: BundleProofs.Completeness, among bundled: [BundledEntry], _ scope: BundleScope
    ) -> [String] {
        var faults: [String] = []
        var period = BundleScope.Period(since: nil, until: nil)
        if case .population(_, let asked) = scope, scope.key == proof.leaf.leaf.key {
            period = asked
        }
        if period.since == nil, proof.before != .none {
            faults.append("entries are summed up that should be shown")
        }
        if period.until == nil, !proof.after.isEmpty {
            faults.append("entries are summed up that should be shown")
        }
        let shown = Set(proof.positions)
        for entry in bundled where period.covers(entry.time) {
            guard let position = entry.position, !shown.contains(position) else { continue }
            faults.append("position \(position) is left out")
        }
        return faults
    }

    mutating func checkScope() {
        guard let manifest, let proofs else { return }
        let key = manifest.scope.key
        let proof = proofs.complete.first { $0.leaf.leaf.key == key }
        switch manifest.scope {
        case .release:
            if !manifest.complete.contains(key) {
                find(.scope, "the query does not ask for all of \(key)")
            }
        case .population(_, let period):
            guard manifest.complete.contains(key) || manifest.absent.contains(key) else {
                return find(.scope, "the query does not ask for all of \(key)")
            }
            if let proof { check(proof, period, manifest) }
        }
    }

    private mutating func check(
        _ proof: BundleProofs.Completeness, _ period: BundleScope.Period, _ manifest: BundleManifest
    ) {
        var byPosition: [Position: BundledEntry] = [:]
        for entry in entries {
            guard let position = entry.position, byPosition[position] == nil else { continue }
            byPosition[position] = entry
        }
        let shown = proof.positions.compactMap { byPosition[$0] }
        if proof.before.count > 0, let since = period.since,
            !(shown.first.map { $0.time < since } ?? false)
        {
            find(.scope, "what is summed up before may be of the period")
        }
        if !proof.after.isEmpty, let until = period.until,
            !(shown.last.map { $0.time >= until } ?? false)
        {
            find(.scope, "what is summed up after may be of the period")
        }
        for entry in shown where period.covers(entry.time) {
            guard let subject = entry.event.subject,
                !manifest.complete.contains(.subject(subject.text))
            else { continue }
            find(.scope, "not all of \(subject) is shown", at: entry.position)
        }
    }
}
