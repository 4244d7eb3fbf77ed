import EventSourcing
import LedgerCore
import LedgerTesting
import Testing

@testable import BoringDeploy
@testable import Operations

@Suite("Verdicts are computed again from the log")
struct CanaryReplayTests {
    /// The history of a canary that passed, with one event's data changed before it was recorded.
    private func differences(
        _ change: (Int, inout JSONObject, String) -> Bool,
        attachment: (([UInt8]) -> [UInt8]?)? = nil
    ) async throws -> [String] {
        let fixture = try await CanaryFixture()
        _ = try await fixture.ride()
        let history = try await fixture.train.history()
        var isChanged = false
        var facts: [StreamHistory.Fact] = []
        for (index, fact) in history.facts.enumerated() {
            var object = fact.data.object ?? JSONObject()
            if !isChanged, change(index, &object, fact.type) { isChanged = true }
            facts.append(
                StreamHistory.Fact(
                    type: fact.type, recordedType: fact.recordedType,
                    data: .object(object), hash: fact.hash,
                    position: fact.position, recordedTime: fact.recordedTime, actor: fact.actor,
                    isKnown: fact.isKnown))
        }
        #expect(isChanged || attachment != nil)
        return try await CanaryReplay(StreamHistory(history.stream, facts: facts)) { digest in
            let bytes = try await fixture.train.store.attachment(digest)?.bytes
            return attachment.map { change in bytes.flatMap(change) } ?? bytes
        }.differences.map(\.sentence)
    }

    private func differences(
        in type: String, _ change: (inout JSONObject) -> Bool
    ) async throws -> [String] {
        try await differences { _, object, name in
            name.hasSuffix(type) ? change(&object) : false
        }
    }

    @Test("a ride as it was has none")
    func honest() async throws {
        let fixture = try await CanaryFixture()
        _ = try await fixture.ride()
        let replay = try await fixture.replay()
        #expect(replay.differences.isEmpty)
        #expect(replay.verdicts > 8 && replay.verdicts == replay.looks)
    }

    @Test("a verdict that was turned is noticed")
    func decision() async throws {
        let found = try await differences(in: "canary.verdict") { data in
            guard data["decision"] == "pass" else { return false }
            data["decision"] = "rollback"
            return true
        }
        #expect(found.contains { $0.contains("judged again, it is pass") }, "\(found)")
    }

    @Test("a number that was smoothed is noticed")
    func number() async throws {
        let found = try await differences(in: "canary.verdict") { data in
            var checks = data["checks"]?.array ?? []
            guard var check = checks.first?.object, check["eWorse"] != nil else { return false }
            check["eWorse"] = .number(0.5)
            checks[0] = .object(check)
            data["checks"] = .array(checks)
            return true
        }
        #expect(found.contains { $0.contains("has other numbers for objective") }, "\(found)")
    }

    @Test("samples that are not those of the evidence are noticed")
    func samples() async throws {
        let found = try await differences(in: "canary.measured") { data in
            var samples = data["samples"]?.array ?? []
            guard var sample = samples.first?.object,
                var canary = sample["canary"]?.object, canary["bad"] != nil
            else { return false }
            canary["bad"] = .integer(0)
            canary["total"] = .integer(9)
            sample["canary"] = .object(canary)
            samples[0] = .object(sample)
            data["samples"] = .array(samples)
            return true
        }
        #expect(found.contains { $0.contains("gives other samples of objective") }, "\(found)")
    }

    @Test("a look that was left out is noticed")
    func dropped() async throws {
        let found = try await differences(in: "canary.measured") { data in
            guard data["look"] == .integer(3) else { return false }
            data["look"] = .integer(4)
            return true
        }
        #expect(found.contains { $0.contains("stands where look 3 should") }, "\(found)")
    }

    @Test("another judge's verdict is told as that")
    func judge() async throws {
        let found = try await differences(in: "canary.verdict") { data in
            data["judge"] = "sequential/0"
            return true
        }
        #expect(found == ["look 0 was judged by sequential/0, and this program is sequential/1"])
    }

    @Test("evidence that is gone, or has other bytes, is noticed")
    func evidence() async throws {
        for (change, words) in [
            ({ _ in nil }, "is not in the ledger"), ({ $0 + [0x20] }, "has other bytes"),
        ] as [(([UInt8]) -> [UInt8]?, String)] {
            let found = try await differences({ _, _, _ in false }, attachment: change)
            #expect(found.allSatisfy { $0.contains(words) } && !found.isEmpty, "\(found)")
        }
    }
}
