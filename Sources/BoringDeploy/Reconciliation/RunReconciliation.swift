/// Runs of a CI system, which counts them: a number that the log has not seen is a run that it knows
/// nothing of.
package enum RunReconciliation {
    /// What a CI system counts by: its repository and, where it has several, the workflow.
    package struct Workflow: Hashable, Sendable, Comparable {
        package let provider: String
        package let source: String
        package let name: String

        package init(provider: String, source: String, name: String) {
            self.provider = provider
            self.source = source
            self.name = name
        }

        /// As `https://github.com/acme/shop release`.
        package var text: String { [source, name].filter { !$0.isEmpty }.joined(separator: " ") }

        package static func < (left: Workflow, right: Workflow) -> Bool {
            (left.source, left.name, left.provider) < (right.source, right.name, right.provider)
        }
    }

    /// The log's own numbers: what lies between the least and the greatest is to be there.
    package static func gaps(_ runs: Set<Int>, of workflow: Workflow) -> Reconciled {
        var result = Reconciled("CI runs of \(workflow.text)", matched: runs.count)
        let sorted = runs.sorted()
        for (left, right) in zip(sorted, sorted.dropFirst()) where right > left + 1 {
            result.discrepancies.append(gap(left + 1, right - 1, workflow))
        }
        result.outside = (sorted.last ?? 0) - (sorted.first ?? 0) + (sorted.isEmpty ? 0 : 1)
        return result
    }

    /// The CI system's own list against the log's.
    package static func compare(
        _ runs: Set<Int>, with list: Set<Int>, of workflow: Workflow
    ) -> Reconciled {
        var result = Reconciled("CI runs of \(workflow.text)", outside: list.count)
        result.matched = runs.intersection(list).count
        for number in list.subtracting(runs).sorted() {
            result.discrepancies.append(gap(number, number, workflow))
        }
        for number in runs.subtracting(list).sorted() {
            result.discrepancies.append(
                Discrepancy(
                    "run:\(workflow.text)#\(number)", "is in the log, and not in the CI's list"))
        }
        return result
    }

    private static func gap(_ first: Int, _ last: Int, _ workflow: Workflow) -> Discrepancy {
        first == last
            ? Discrepancy("run:\(workflow.text)#\(first)", "nothing was recorded of this run")
            : Discrepancy(
                "run:\(workflow.text)#\(first)-\(last)",
                "nothing was recorded of these \(last - first + 1) runs")
    }
}
