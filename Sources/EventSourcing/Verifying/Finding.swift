import LedgerCore

/// Something in a ledger that is not as it must be. docs/spec/verification.md lists the kinds.
package struct Finding: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case file
        case schema
        case storage
        case position
        case hash
        case canonical
        case event
        case created
        case time
        case stream
        case key
        case index
        case subtree
        case checkpoint
        case attachment
        case seal
        case timestamp
        case trustedKey = "trusted-key"
        case trustedCheckpoint = "trusted-checkpoint"
        case trustedReceipt = "trusted-receipt"
    }

    package let kind: Kind
    /// The entry that it is about, as the row states it; nil where no single entry is meant.
    package let position: Int64?
    package let detail: String

    package init(_ kind: Kind, at position: Int64?, _ detail: String) {
        self.kind = kind
        self.position = position
        self.detail = detail
    }
}

/// What a verification looked at, and what it found.
package struct VerificationReport: Sendable {
    package var origin: String?
    package var size: TreeSize
    package var root: Digest?
    /// What was checked, by the names of the kinds.
    package var checked: [Finding.Kind]
    /// What could not be checked, and what that leaves open, in sentences.
    package var unchecked: [String]
    package var findings: [Finding]

    package init() {
        size = .empty
        checked = []
        unchecked = []
        findings = []
    }

    package var isGood: Bool { findings.isEmpty }

    /// Nil for a number that JSON does not carry exactly, as a forged row may state.
    private static func exact(_ position: Int64) -> JSONValue? {
        let number = JSONValue.number(Double(position))
        return number.integer == position ? number : nil
    }

    package var json: JSONValue {
        [
            "origin": origin.map { .string($0) } ?? .null,
            "size": .number(Double(size.value)),
            "root": root.map { .string($0.hex) } ?? .null,
            "checked": .array(checked.map { .string($0.rawValue) }),
            "unchecked": .array(unchecked.map { .string($0) }),
            "findings": .array(
                findings.map { finding in
                    [
                        "position": finding.position.flatMap(Self.exact) ?? .null,
                        "kind": .string(finding.kind.rawValue), "detail": .string(finding.detail),
                    ]
                }),
        ]
    }
}
