import EventSourcing
import LedgerCore

/// A question that is asked before a step. Pure: the same question has the same answer, whenever it
/// is asked again.
package protocol Gate: Sendable {
    /// As the configuration names it.
    static var name: String { get }
    func evaluate(_ question: GateQuestion) -> Verdict
}

/// What a gate may look at.
package struct GateQuestion: Sendable {
    package let history: StreamHistory
    package let configuration: Configuration
    /// Where the release wants to go; nil where a gate stands before no environment.
    package let environment: String?
    package let now: Timestamp

    package init(
        history: StreamHistory, configuration: Configuration, environment: String?, now: Timestamp
    ) {
        self.history = history
        self.configuration = configuration
        self.environment = environment
        self.now = now
    }

    var release: String { history.stream.text }
}

/// All gates, by name.
package enum Gates {
    package static let all: [any Gate] = [
        ApprovalsGate(), MigrationsGate(), FreezesGate(), VerificationGate(), EventsGate(),
        PromotedFromGate(),
    ]

    package static var names: [String] { all.map { type(of: $0).name } }

    /// What each of some gates answers; an override that is in force turns a refusal into a pass,
    /// and is named.
    package static func evaluate(
        _ names: [String], _ question: GateQuestion
    ) -> (verdict: Verdict, overridden: [String]) {
        var overridden: [String] = []
        let verdicts = names.map { name -> Verdict in
            guard let gate = all.first(where: { type(of: $0).name == name }) else {
                return .refuse([
                    GateReason(
                        name, "there is no gate \(name)",
                        remedy: "name one of: \(Self.names.joined(separator: ", "))")
                ])
            }
            guard question.history.cut != nil else {
                return .refuse([
                    GateReason(
                        name, "\(question.release) has not been cut",
                        remedy: "daybook release cut")
                ])
            }
            let verdict = gate.evaluate(question)
            guard verdict != .pass, Overrides.hold(name, question) else { return verdict }
            overridden.append(name)
            return .pass
        }
        return (.all(verdicts), overridden)
    }
}
