import EventSourcing
import LedgerCore

/// Completeness and absence: docs/spec/index.md.
extension BundleVerifier {
    mutating func checkIndex() {
        guard let manifest, let proofs else { return }
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
        // What was not asked for is not looked at: there may be any number of it.
        for proof in asked(proofs.complete, \.leaf.leaf.key, manifest.complete) {
            let key = proof.leaf.leaf.key
            for fault in faults(of: proof, among: byKey[key] ?? [], manifest) {
                find(.key, "\(key): \(fault)", file: BundlePaths.proofs)
            }
        }
        for proof in asked(proofs.absent, \.key, manifest.absent) {
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

    /// The first proof of each key of the query.
    private func asked<Proof>(
        _ proofs: [Proof], _ key: (Proof) -> IndexKey, _ query: [IndexKey]
    ) -> [Proof] {
        var open = Set(query)
        return proofs.filter { open.remove(key($0)) != nil }
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
        var missing: [Position] = []
        for position in proof.positions {
            if let hash = known[position] {
                tally.add(hash, with: &hasher)
            } else {
                missing.append(position)
            }
        }
        if let fault = Self.fault(of: missing, "not bundled, or of another key") {
            faults.append(fault)
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
        let left = bundled.filter { period.covers($0.time) }.compactMap(\.position)
            .filter { !shown.contains($0) }
        if let fault = Self.fault(of: left, "left out") { faults.append(fault) }
        return faults
    }

    /// Names the first, and how many there are.
    private static func fault(of positions: [Position], _ what: String) -> String? {
        guard let first = positions.first else { return nil }
        guard positions.count > 1 else { return "position \(first) is \(what)" }
        return "\(positions.count) positions are \(what), the first of them \(first)"
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
            if let position = entry.position { byPosition[position] = entry }
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
        let complete = Set(manifest.complete)
        for entry in shown where period.covers(entry.time) {
            guard let subject = entry.event.subject,
                !complete.contains(.subject(subject.text))
            else { continue }
            find(.scope, "not all of \(subject) is shown", at: entry.position)
        }
    }
}
