import EventSourcing
import LedgerCore

/// `dev.daybook.reconciliation.completed`: the log was compared with what happened outside.
///
/// It names the first `most` discrepancies; the attachment `reconciliation.json` has all.
package struct ReconciliationCompleted: EventPayload, Equatable {
    package struct Source: Sendable, Equatable {
        /// As `git tags`.
        package var name: String
        package var outside: Int
        package var matched: Int
        package var discrepancies: Int
    }

    package var project: String
    /// How much of the log was compared.
    package var size: TreeSize
    package var sources: [Source]
    /// Those that nobody had explained by then.
    package var unexplained: [Discrepancy]
    package var unexplainedCount: Int
    package var explainedCount: Int
    package var attachments: [AttachmentName]

    package static let most = 100

    package static let definition = EventDefinition(
        name: "dev.daybook.reconciliation.completed",
        summary: "The log was compared with git, the CI's runs or a list of artifacts.")

    package init(
        project: String, size: TreeSize, _ results: [Reconciled], explained: Set<Discrepancy>,
        attachments: [AttachmentName]
    ) {
        self.project = project
        self.size = size
        sources = results.map {
            Source(
                name: $0.source, outside: $0.outside, matched: $0.matched,
                discrepancies: $0.discrepancies.count)
        }
        let all = results.flatMap(\.discrepancies)
        let open = all.filter { !explained.contains($0) }
        unexplained = Array(open.prefix(Self.most))
        unexplainedCount = open.count
        explainedCount = all.count - open.count
        self.attachments = attachments
    }

    package init(data: JSONValue) throws(EventError) {
        let data = try PayloadReader(data)
        project = try data.text("project")
        guard let size = UInt64(exactly: try data.integer("size")) else {
            throw EventError("data.size is below 0")
        }
        self.size = TreeSize(size)
        sources = try data.objects("sources").map { source throws(EventError) in
            Source(
                name: try source.text("name"), outside: try source.integer("outside"),
                matched: try source.integer("matched"),
                discrepancies: try source.integer("discrepancies"))
        }
        unexplained = try data.objects("unexplained").map(Discrepancy.init)
        unexplainedCount = try data.integer("unexplainedcount")
        explainedCount = try data.integer("explainedcount")
        attachments = try data.objects("attachments").map(AttachmentName.init)
    }

    /// What the attachment `reconciliation.json` holds.
    package static func discrepancies(in value: JSONValue) throws(EventError) -> [Discrepancy] {
        let results = try PayloadReader(["results": value], at: "reconciliation.json")
        var all: [Discrepancy] = []
        for result in try results.objects("results") {
            all += try result.objects("discrepancies").map(Discrepancy.init)
        }
        return all
    }

    package var data: JSONValue {
        [
            "project": .string(project), "size": .number(Double(size.value)),
            "outcome": unexplainedCount == 0 ? "passed" : "failed",
            "sources": .array(
                sources.map {
                    [
                        "name": .string($0.name), "outside": .integer($0.outside),
                        "matched": .integer($0.matched),
                        "discrepancies": .integer($0.discrepancies),
                    ]
                }),
            "unexplained": .array(unexplained.map(\.json)),
            "unexplainedcount": .integer(unexplainedCount),
            "explainedcount": .integer(explainedCount),
            "attachments": .array(attachments.map(\.json)),
        ]
    }
}
