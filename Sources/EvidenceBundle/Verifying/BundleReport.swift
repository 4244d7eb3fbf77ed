import EventSourcing
import LedgerCore

/// Something in a bundle that is not as it must be. docs/spec/bundle.md lists the kinds.
package struct BundleFinding: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case archive, manifest, checkpoint, entry, seal, key, scope, absence, proof, attachment
        case statement, timestamp
        case trustedKey = "trusted-key"
        case trustedCheckpoint = "trusted-checkpoint"
    }

    package let kind: Kind
    package var file: String?
    /// From 1.
    package var line: Int?
    package var position: Position?
    package let detail: String
}

/// What comes from outside of a bundle, without which it proves nothing.
package struct BundleTrust: Sendable {
    package var key: VerifierKey?
    package var checkpoints: [(source: String, note: SignedNote)] = []
    /// By whom time stamps may be signed.
    package var authorities: TimestampAuthorities?

    package init(key: VerifierKey?, checkpoints: [(source: String, note: SignedNote)] = []) {
        self.key = key
        self.checkpoints = checkpoints
    }
}

/// What a verification of a bundle looked at, and what it found.
package struct BundleReport: Sendable {
    package var manifest: BundleManifest?
    package var checkpoint: Checkpoint?
    package var entries = 0
    /// When the seal was recorded: of what came later the bundle says nothing.
    package var sealedAt: Timestamp?
    package let isTrusted: Bool
    package var checked: [BundleFinding.Kind] = []
    /// What could not be checked, and what that leaves open, in sentences.
    package var unchecked: [String] = []
    /// Whether something from outside could neither be confirmed nor refuted.
    package var isOpen = false
    package var findings: [BundleFinding] = []
    /// What authorities say, where they were given.
    package var timestamps: [RecordedStamp]?

    init(isTrusted: Bool) { self.isTrusted = isTrusted }

    package enum Verdict: String, Sendable {
        case good
        case bad
        /// Nothing is wrong with it, which is not enough.
        case consistent
    }

    package var verdict: Verdict {
        if !findings.isEmpty { return .bad }
        return isTrusted && !isOpen ? .good : .consistent
    }

    package var json: JSONValue {
        var object = members.object ?? JSONObject()
        // Only where there was something to check them by.
        object["timestamps"] = timestamps.map { .array($0.map(\.json)) }
        return .object(object)
    }

    private var members: JSONValue {
        [
            "verdict": .string(verdict.rawValue),
            "scope": manifest?.scope.json ?? .null,
            "complete": manifest.map { .texts($0.complete.map(\.text)) } ?? .null,
            "absent": manifest.map { .texts($0.absent.map(\.text)) } ?? .null,
            "origin": .optional(manifest?.key.name.text),
            "size": checkpoint.map { .number($0.size.value) } ?? .null,
            "root": .optional(checkpoint?.root.hex),
            "entries": .integer(entries), "trusted": .bool(isTrusted),
            "checked": .texts(checked.map(\.rawValue)), "unchecked": .texts(unchecked),
            "findings": .array(
                findings.map { finding in
                    [
                        "kind": .string(finding.kind.rawValue), "file": .optional(finding.file),
                        "line": finding.line.map { .integer($0) } ?? .null,
                        "position": finding.position.map { .number($0.value) } ?? .null,
                        "detail": .string(finding.detail),
                    ]
                }),
        ]
    }
}
