import EventSourcing
import LedgerCore
import LedgerTesting
import Testing

@testable import BoringDeploy

@Suite("Reconciling the CI's runs")
struct RunReconciliationTests {
    private let workflow = RunReconciliation.Workflow(
        provider: "github-actions", source: "https://example.com/acme/shop", name: "release")

    @Test(
        "what lies between the least and the greatest is to be there",
        arguments: [
            ([], []), ([7], []), ([1, 2, 3], []), ([1, 3], ["#2"]),
            ([10, 3, 5, 6], ["#4", "#7-9"]),
        ])
    func gaps(runs: [Int], open: [String]) {
        let result = RunReconciliation.gaps(Set(runs), of: workflow)
        #expect(result.discrepancies.map(\.item) == open.map { "run:\(workflow.text)\($0)" })
        #expect(result.matched == runs.count)
    }

    @Test("a list of the CI's own counts in both directions")
    func list() {
        let result = RunReconciliation.compare([1, 2, 9], with: [1, 2, 3], of: workflow)
        #expect((result.outside, result.matched) == (3, 2))
        #expect(
            result.discrepancies.map(\.item) == [
                "run:\(workflow.text)#3", "run:\(workflow.text)#9",
            ])
    }

    @Test("the projection keeps every number once, in whatever order they come")
    func projection() async throws {
        var generator = Seed.numbers(for: "runs")
        let numbers = (0..<200).map { _ in Int.random(in: 1...120, using: &generator) }
        let log = try InMemoryEventStore(signer: Keys.signer(), clock: ManualClock().reading)
        let models = InMemoryReadModelStore()
        for (place, number) in numbers.enumerated() {
            var event = JSONObject()
            event["specversion"] = "1.0"
            event["id"] = .string("\(place)")
            event["source"] = .string(workflow.source)
            event["type"] = "com.example.step"
            event["ciprovider"] = .string(workflow.provider)
            event["ciworkflow"] = .string(workflow.name)
            event["cirunnumber"] = .string("\(number)")
            _ = try await log.append([EventDraft(CloudEvent(.object(event)), defaulted: [])])
        }
        try await ProjectionRunner(log: log, models: models).catchUp(RunsProjection())
        let documents = try await models.allDocuments(of: "ciruns")
        let document = try #require(documents.first?.1)
        let runs = try #require(RunsProjection.runs(in: document))
        #expect(documents.count == 1 && runs.workflow == workflow)
        #expect(runs.numbers == Set(numbers), "seed \(Seed.value)")
        let ranges: [JSONValue] = document.object?["runs"]?.array ?? []
        let ends = ranges.compactMap(\.array).flatMap { $0.compactMap(\.integer) }
        for (last, next) in zip(ends[1...], ends[2...]).enumerated().filter({ $0.offset % 2 == 0 })
            .map(\.element)
        {
            #expect(next > last + 1, "ranges ascend and do not touch; seed \(Seed.value)")
        }
    }
}
