import EventSourcing
import LedgerCore

/// A question that is asked before a step. Pure: the same question has the same answer, whenever it
/// is asked again.
package protocol Gate: Sendable {
    /// As the configuration names it.
    static var name: String { get }
    func evaluate(_ question: GateQuestion) -> Verdict
    /// What it passes for, in words; asked only of one that does.
    func ground(_ question: GateQuestion) -> String
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

    /// What some gates answer together; an override that is in force turns a refusal into a pass,
    /// and is named.
    package static func evaluate(
        _ names: [String], _ question: GateQuestion
    ) -> (verdict: Verdict, overridden: [String]) {
        let answers = answers(names, question)
        return (
            .all(answers.map(\.verdict)),
            answers.filter { $0.override != nil }.map(\.gate)
        )
    }

    /// What each of them answers.
    static func answers(_ names: [String], _ question: GateQuestion) -> [GateAnswer] {
        names.map { name in
            guard let gate = all.first(where: { type(of: $0).name == name }) else {
                return GateAnswer(
                    name, refusal: "there is no gate \(name)",
                    remedy: "name one of: \(Self.names.joined(separator: ", "))")
            }
            guard question.history.cut != nil else {
                return GateAnswer(
                    name, refusal: "\(question.release) has not been cut",
                    remedy: "daybook release cut")
            }
            let verdict = gate.evaluate(question)
            guard verdict != .pass else {
                return GateAnswer(name, .pass, ground: gate.ground(question))
            }
            guard let override = Overrides.inForce(for: name, question) else {
                return GateAnswer(name, verdict)
            }
            return GateAnswer(
                name, .pass, override: override,
                ground: override.payload.words(at: override.fact.position))
        }
    }
}
