import LedgerTesting
import Testing

@testable import BoringDeploy
@testable import Operations

@Suite("A runner may die anywhere")
struct DyingRunnerTests {
    static let fates: [[String: Int]] = [
        [:], ["smoke prod": 99], ["deploy stage web": 99],
        ["smoke stage": 99, "rollback stage web": 1],
    ]

    @Test(
        "one that dies at its k-th port call, before or after the effect, and is started again ends as one that never died",
        arguments: fates)
    func everyCall(failures: [String: Int]) async throws {
        let whole = try await TrainFixture(failures: failures)
        let life = Life()
        _ = try await whole.runner(life: life).ride(whole.release)
        let (story, deeds) = (try await whole.story(), whole.world.distinctDeeds)
        for call in 1...life.callCount {
            for endsAfterEffect in [false, true] {
                let fixture = try await TrainFixture(failures: failures)
                let mortal = Life(lastCall: call, endsAfterEffect: endsAfterEffect)
                _ = try? await fixture.runner(1, life: mortal).ride(fixture.release)
                _ = try await fixture.runner(2).ride(fixture.release)
                let place = "call \(call), \(endsAfterEffect ? "after" : "before") the effect"
                #expect(try await fixture.story() == story, "\(place)")
                #expect(fixture.world.distinctDeeds == deeds, "\(place)")
                for name in ["stage", "prod"] {
                    #expect(try await fixture.holder(of: name) == nil, "\(place)")
                }
            }
        }
    }

    @Test("several deaths in a row, at random calls")
    func manyDeaths() async throws {
        var numbers = Seed.numbers(for: "manyDeaths")
        let whole = try await TrainFixture(failures: ["smoke prod": 99])
        _ = try await whole.runner().ride(whole.release)
        let (story, deeds) = (try await whole.story(), whole.world.distinctDeeds)
        for _ in 0..<40 {
            let fixture = try await TrainFixture(failures: ["smoke prod": 99])
            for number in 1...6 {
                let mortal = Life(
                    lastCall: Int.random(in: 1...40, using: &numbers),
                    endsAfterEffect: Bool.random(using: &numbers))
                _ = try? await fixture.runner(number, life: mortal).ride(fixture.release)
            }
            _ = try await fixture.runner(7).ride(fixture.release)
            #expect(try await fixture.story() == story)
            #expect(fixture.world.distinctDeeds == deeds)
        }
    }
}
