import EventSourcing
import LedgerCore
import LedgerTesting
import Testing

@testable import BoringDeploy
@testable import Operations

@Suite("A train is carried to its end")
struct TrainRunnerTests {
    @Test(
        "every step in order, each intent before its outcome, and the environments are free again")
    func smooth() async throws {
        let fixture = try await TrainFixture()
        guard case .finished(let end) = try await fixture.runner().ride(fixture.release) else {
            Issue.record("the train did not finish")
            return
        }
        #expect(end.end == .completed)
        #expect(
            fixture.world.distinctDeeds.map {
                $0.split(separator: " ").dropLast().joined(separator: " ")
            }
                == [
                    "deploy stage api", "deploy stage web", "smoke stage", "deploy prod",
                    "smoke prod",
                ])
        for name in ["stage", "prod"] { #expect(try await fixture.holder(of: name) == nil) }
        let history = try await fixture.history()
        #expect(history.all(ReleasePromoted.self).map(\.payload.environment) == ["prod"])
        let soak = try #require(history.all(SoakCompleted.self).first?.payload)
        #expect(soak.details["watchedseconds"] == 120 && soak.details["samples"] == 5)
    }

    @Test("a failing smoke test in prod brings prod back, and only prod")
    func rollsBack() async throws {
        let fixture = try await TrainFixture(failures: ["smoke prod": 1])
        guard case .finished(let end) = try await fixture.runner().ride(fixture.release) else {
            Issue.record("the train did not finish")
            return
        }
        #expect(end.end == .rolledBack)
        #expect(fixture.world.distinctDeeds.last?.hasPrefix("rollback prod ") == true)
        #expect(!fixture.world.distinctDeeds.contains { $0.hasPrefix("rollback stage") })
    }

    @Test("services go back in reverse order, the one that failed first")
    func reverse() async throws {
        let fixture = try await TrainFixture(failures: ["deploy stage web": 1])
        _ = try await fixture.runner().ride(fixture.release)
        #expect(
            fixture.world.distinctDeeds.map {
                $0.split(separator: " ").dropLast().joined(separator: " ")
            }
                == [
                    "deploy stage api", "deploy stage web", "rollback stage web",
                    "rollback stage api",
                ])
    }

    @Test("a rollback is tried three times, each with a key of its own, then somebody is called")
    func stuck() async throws {
        let fixture = try await TrainFixture(failures: ["smoke prod": 1, "rollback prod": 9])
        guard case .finished(let end) = try await fixture.runner().ride(fixture.release) else {
            Issue.record("the train did not finish")
            return
        }
        #expect(end.end == .stuck)
        #expect(fixture.world.distinctDeeds.filter { $0.hasPrefix("rollback prod") }.count == 3)
    }

    @Test(
        "a smoke run without tests, or with a failure that its exit code hides, is a failure",
        arguments: [
            "<testsuite/>", "<testsuite><testcase name='a'><skipped/></testcase></testsuite>",
            "<testsuite><testcase name='a'><failure/></testcase></testsuite>", "<html/>", "",
        ])
    func emptySmoke(junit: String) async throws {
        let fixture = try await TrainFixture()
        guard
            case .finished(let end) = try await fixture.runner(junit: junit).ride(fixture.release)
        else {
            Issue.record("the train did not finish")
            return
        }
        #expect(end.end == .rolledBack)
    }

    @Test("a second runner is refused, and told who holds the environment")
    func secondRunner() async throws {
        let fixture = try await TrainFixture()
        let lock = EnvironmentLock(
            log: fixture.log(), runner: Runner(host: "other", process: 7, started: "0"),
            isDead: { _ in false }, takesOver: false)
        let other = StreamName.release("shop", "1.4.9")
        #expect(try await lock.claim("stage", for: other) == nil)
        let end = try await fixture.runner(isDead: { _ in false }).ride(fixture.release)
        guard case .refused(let why) = end else {
            Issue.record("the train was not refused")
            return
        }
        #expect(why.contains("release/shop/1.4.9") && why.contains("process 7 on other"))
        #expect(why.contains("--take-over"))
        #expect(fixture.world.distinctDeeds.isEmpty)
        #expect(try await fixture.holder(of: "prod") == nil)
    }

    @Test("a bundle that cannot be exported fails the train, and what was deployed stays")
    func noBundle() async throws {
        var fixture = try await TrainFixture()
        fixture.configuration.train.append(.bundle)
        guard case .finished(let end) = try await fixture.runner().ride(fixture.release) else {
            Issue.record("the train did not finish")
            return
        }
        #expect(end.end == .failed)
        #expect(end.reason.contains("daybook bundle export"))
        #expect(!fixture.world.distinctDeeds.contains { $0.contains("rollback") })
        #expect(try await !fixture.history().all(ReleasePromoted.self).isEmpty)
    }

    @Test("a frozen environment holds the train; a later ride goes on when the freeze is over")
    func held() async throws {
        var fixture = try await TrainFixture()
        fixture.configuration.gates.freezes = [
            Freeze(from: "2026-01-31", to: "2026-01-31", environments: ["stage"])
        ]
        guard case .held(let evaluated) = try await fixture.runner().ride(fixture.release) else {
            Issue.record("the train was not held")
            return
        }
        #expect(evaluated.outcome == .refused && evaluated.reason.contains("frozen"))
        fixture.clock.advance(seconds: 86_400)
        guard case .finished(let end) = try await fixture.runner(2).ride(fixture.release) else {
            Issue.record("the train did not finish")
            return
        }
        #expect(end.end == .completed)
    }
}
