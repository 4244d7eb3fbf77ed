import EventSourcing
import LedgerCore

/// What one gate answers, and what has set it aside.
struct GateAnswer: Sendable {
    let gate: String
    let verdict: Verdict
    /// In force where the gate itself does not pass.
    let override: (fact: StreamHistory.Fact, payload: OverrideGranted)?
    /// What it passes for; nothing where it does not.
    let ground: String

    init(
        _ gate: String, _ verdict: Verdict,
        override: (fact: StreamHistory.Fact, payload: OverrideGranted)? = nil, ground: String = ""
    ) {
        self.gate = gate
        self.verdict = verdict
        self.override = override
        self.ground = ground
    }

    init(_ gate: String, refusal: String, remedy: String) {
        self.init(gate, .refuse([GateReason(gate, refusal, remedy: remedy)]))
    }
}

extension OverrideGranted {
    /// As `set aside by carol's override (entry 12): security fix`.
    package func words(at position: Position) -> String {
        "set aside by \(person)'s override (entry \(position)): \(reason)"
    }
}
