import EventSourcing
import LedgerCore

/// What the newest reconciliation says of the log against the world outside, and who has answered for
/// what it found.
package struct ReconciliationEvidence: Sendable {
    package let completed: ReconciliationCompleted
    package let position: Position
    package let recordedTime: Timestamp
    /// All that was found, explained or not.
    package let discrepancies: [Discrepancy]
    private let explanations: [(fact: StreamHistory.Fact, payload: DiscrepancyExplained)]
    /// Whose signatures are taken; nil if the bundle's releases name no people.
    private let people: [Person]?

    /// - Parameters:
    ///   - history: The stream of reconciliations, as far as the bundle shows it.
    ///   - discrepancies: What the attachment of the newest lists; nil without it.
    package init?(
        _ history: StreamHistory, discrepancies: [Discrepancy]?, people: [Person]?
    ) {
        guard let (fact, completed) = history.all(ReconciliationCompleted.self).last else {
            return nil
        }
        self.completed = completed
        position = fact.position
        recordedTime = fact.recordedTime
        self.discrepancies = discrepancies ?? completed.unexplained
        explanations = history.all(DiscrepancyExplained.self)
        self.people = people
    }

    private struct Explanation {
        let fact: StreamHistory.Fact
        let payload: DiscrepancyExplained
        /// What is wrong with its signature.
        let fault: String?
    }

    /// The newest explanation whose signature holds; else the newest, with what is wrong with it.
    private func explanation(of discrepancy: Discrepancy) -> Explanation? {
        let told = explanations.filter { $0.payload.discrepancy == discrepancy }
            .map { fact, payload in
                let unknown = "there is no list of people to check it by"
                let fault = people.map { payload.fault(in: $0) } ?? unknown
                return Explanation(fact: fact, payload: payload, fault: fault)
            }
        return told.last { $0.fault == nil } ?? told.last
    }

    var csv: [UInt8] {
        var table = CSV([
            "item", "detail", "explained", "explained by", "reason", "signature",
            "found at position",
            "explained at position",
        ])
        for one in discrepancies {
            let answer = explanation(of: one)
            let isExplained = answer.map { $0.fault == nil } ?? false
            table.add([
                one.item, one.detail, isExplained ? "yes" : "no", answer?.payload.person ?? "",
                answer?.payload.reason ?? "", answer.map { $0.fault ?? "verified" } ?? "",
                "\(position)", answer.map { "\($0.fact.position)" } ?? "",
            ])
        }
        return table.bytes
    }

    /// For the page.
    var html: String {
        let sources = completed.sources.map { source -> [HTMLTable.Cell] in
            [
                .text(source.name), .number(source.outside), .number(source.matched),
                source.discrepancies == 0
                    ? .mark("none", .good) : .mark("\(source.discrepancies)", .open),
            ]
        }
        let rows = discrepancies.map { one -> [HTMLTable.Cell] in
            guard let answer = explanation(of: one) else {
                return [.code(one.item), .text(one.detail), .mark("not explained", .bad), "–"]
            }
            let mark: HTMLTable.Cell.Mark = answer.fault == nil ? .good : .open
            return [
                .code(one.item), .text(one.detail),
                .mark("\(answer.payload.person): \(answer.payload.reason)", mark),
                .place(answer.fact.position),
            ]
        }
        var html = HTMLTable(["Compared", "Outside", "In the log", "Discrepancies"], sources).html(
            titled: "Reconciled with the world outside",
            about:
                "What others count as well, compared with the first \(completed.size) entries of the log at "
                + "\(recordedTime.inWords) UTC (entry \(position)); then "
                + "\(completed.unexplainedCount) of the discrepancies were unexplained.")
        html += HTMLTable(["Item", "What does not agree", "Explanation", "Entry"], rows).html(
            titled: "Discrepancies")
        return html
    }
}
