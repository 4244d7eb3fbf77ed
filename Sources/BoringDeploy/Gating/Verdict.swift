import LedgerCore

/// A gate's answer. A refusal is a value with its reasons; nothing is thrown.
package enum Verdict: Sendable, Equatable {
    case pass
    case refuse([GateReason])
    /// Something is missing that time or a person can still supply.
    case inconclusive([GateReason])

    package var name: String {
        switch self {
        case .pass: "pass"
        case .refuse: "refuse"
        case .inconclusive: "inconclusive"
        }
    }

    package var reasons: [GateReason] {
        switch self {
        case .pass: []
        case .refuse(let reasons), .inconclusive(let reasons): reasons
        }
    }

    /// All must pass; one refusal outweighs what is only inconclusive.
    package static func all(_ verdicts: some Sequence<Verdict>) -> Verdict {
        var reasons: [GateReason] = []
        var isRefused = false
        for verdict in verdicts {
            if case .refuse = verdict { isRefused = true }
            reasons += verdict.reasons
        }
        guard !reasons.isEmpty else { return .pass }
        return isRefused ? .refuse(reasons) : .inconclusive(reasons)
    }
}

/// Why a gate does not pass, and the command or deed that would change it.
package struct GateReason: Sendable, Equatable {
    package let gate: String
    package let reason: String
    package let remedy: String

    package init(_ gate: String, _ reason: String, remedy: String) {
        self.gate = gate
        self.reason = reason
        self.remedy = remedy
    }

    package var json: JSONValue {
        ["gate": .string(gate), "reason": .string(reason), "remedy": .string(remedy)]
    }
}
