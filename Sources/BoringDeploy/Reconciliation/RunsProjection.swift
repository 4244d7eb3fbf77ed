import EventSourcing
import LedgerCore

/// Which runs of the CI's workflows have recorded something: one document for each workflow, with
/// the runs' numbers as ranges.
package struct RunsProjection: Projection {
    package let name = "ciruns"
    package let version = 1

    package init() {}

    package func keys(of event: RecordedEvent) -> [DocumentKey] {
        guard Self.number(of: event) != nil else { return [] }
        let workflow = Self.workflow(of: event)
        return [
            DocumentKey(
                [workflow.provider, workflow.source, workflow.name].joined(separator: "\n"))
        ]
    }

    package func evolve(
        _ document: JSONValue?, at key: DocumentKey, with event: RecordedEvent
    ) -> JSONValue? {
        guard let number = Self.number(of: event) else { return document }
        let workflow = Self.workflow(of: event)
        var ranges = document.map(Self.ranges(in:)) ?? []
        Self.insert(number, into: &ranges)
        return [
            "provider": .string(workflow.provider), "source": .string(workflow.source),
            "workflow": .string(workflow.name),
            "runs": .array(
                ranges.map { [.integer($0.lowerBound), .integer($0.upperBound)] }),
        ]
    }

    /// The workflow of a document, and the numbers of its runs.
    package static func runs(
        in document: JSONValue
    ) -> (workflow: RunReconciliation.Workflow, numbers: Set<Int>)? {
        guard let object = document.object, let provider = object["provider"]?.string,
            let source = object["source"]?.string, let name = object["workflow"]?.string
        else { return nil }
        return (
            RunReconciliation.Workflow(provider: provider, source: source, name: name),
            Set(ranges(in: document).joined())
        )
    }

    private static func number(of event: RecordedEvent) -> Int? {
        guard let text = event.event.object["cirunnumber"]?.string,
            let number = UInt64(decimal: text)
        else { return nil }
        return Int(exactly: number).flatMap { $0 <= 1 << 40 ? $0 : nil }
    }

    private static func workflow(of event: RecordedEvent) -> RunReconciliation.Workflow {
        RunReconciliation.Workflow(
            provider: event.event.object["ciprovider"]?.string ?? "",
            source: event.event.key.source.text,
            name: event.event.object["ciworkflow"]?.string ?? "")
    }

    private static func ranges(in document: JSONValue) -> [ClosedRange<Int>] {
        let pairs: [JSONValue] = document.object?["runs"]?.array ?? []
        return pairs.compactMap { pair -> ClosedRange<Int>? in
            guard let ends = pair.array, ends.count == 2, let first = ends[0].integer,
                let last = ends[1].integer, first <= last
            else { return nil }
            return Int(first)...Int(last)
        }
    }

    /// Ranges ascend, and do not touch each other.
    private static func insert(_ number: Int, into ranges: inout [ClosedRange<Int>]) {
        guard !ranges.contains(where: { $0.contains(number) }) else { return }
        let index = ranges.firstIndex { $0.lowerBound > number } ?? ranges.endIndex
        ranges.insert(number...number, at: index)
        for place in [index, index - 1]
        where ranges.indices.contains(place) && ranges.indices.contains(place + 1)
            && ranges[place].upperBound + 1 == ranges[place + 1].lowerBound
        {
            ranges[place] = ranges[place].lowerBound...ranges[place + 1].upperBound
            ranges.remove(at: place + 1)
        }
    }
}
