/// The newest verification of the release since it was cut has passed.
package struct VerificationGate: Gate {
    package static let name = "verification"

    package init() {}

    package func evaluate(_ question: GateQuestion) -> Verdict {
        let runs = question.history.sinceCut(VerificationCompleted.self).map(\.payload)
        guard let last = runs.last else {
            return .inconclusive([
                GateReason(
                    Self.name, "nothing has been verified since the cut",
                    remedy: "put a verify step before this gate, and daybook train run")
            ])
        }
        guard last.outcome == .passed else {
            return .refuse([
                GateReason(
                    Self.name,
                    "the newest verification has \(last.outcome.rawValue): \(last.reason)",
                    remedy: "mend what failed, then daybook release cut")
            ])
        }
        return .pass
    }

    package func ground(_ question: GateQuestion) -> String {
        let last = question.history.sinceCut(VerificationCompleted.self).last?.payload
        return (last?.reason ?? "") + (last?.environment.map { " in \($0)" } ?? "")
    }
}

/// A release goes to an environment only after it was verified in the one before.
package struct PromotedFromGate: Gate {
    package static let name = "promotedFrom"

    package init() {}

    package func evaluate(_ question: GateQuestion) -> Verdict {
        guard let target = question.environment,
            let source = question.configuration.gates.promotedFrom[target]
        else { return .pass }
        let isVerified = question.history.sinceCut(VerificationCompleted.self).contains {
            $0.payload.environment == source && $0.payload.outcome == .passed
        }
        guard !isVerified else { return .pass }
        return .refuse([
            GateReason(
                Self.name, "it was not verified in \(source), which \(target) is promoted from",
                remedy:
                    "let the train deploy to \(source) and verify there first: daybook train run "
                    + question.release)
        ])
    }

    package func ground(_ question: GateQuestion) -> String {
        guard let target = question.environment,
            let source = question.configuration.gates.promotedFrom[target]
        else { return "it need not come from elsewhere" }
        return "it was verified in \(source)"
    }
}
