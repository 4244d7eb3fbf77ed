import EventSourcing
import LedgerCore
import LedgerTesting

@testable import BoringDeploy
@testable import Operations

/// A ledger with a release that has been cut, and a train to ride.
struct TrainFixture {
    let store: InMemoryEventStore
    let clock = ManualClock()
    let world: World
    var configuration = Configuration()
    let release = StreamName.release("shop", "1.5.0")

    init(failures: [String: Int] = [:]) async throws {
        store = try InMemoryEventStore(signer: Keys.signer(), clock: clock.reading)
        world = World(failures: failures)
        configuration.project = "shop"
        configuration.environments = ["stage", "prod"].map {
            Environment(name: $0, deploy: ["deploy", $0], rollback: ["rollback", $0])
        }
        configuration.train = [
            .cut, .gate(["freezes"]), .deploy(environment: "stage", services: ["api", "web"]),
            .soak(SoakPlan(environment: "stage", duration: .seconds(120), every: .seconds(30))),
            .verify(VerifyPlan(environment: "stage", smoke: ["smoke", "stage"], junit: "s.xml")),
            .promote(environment: "prod", services: []),
            .verify(VerifyPlan(environment: "prod", smoke: ["smoke", "prod"], junit: "p.xml")),
        ]
        try await log().append(
            ReleaseCut(
                version: "1.5.0", commit: "8f3c1d2", reason: "a feature",
                cutter: Identity(login: "ci")),
            to: release, after: nil)
    }

    func log(_ life: Life = Life()) -> ReleaseLog {
        ReleaseLog(
            MortalStore(store: store, life: life), project: "shop", actor: "ci", now: clock.reading)
    }

    static let junit =
        "<testsuite><testcase name=\"answers\"/><testcase name=\"sells\"/></testsuite>"

    func runner(
        _ number: Int = 1, life: Life = Life(),
        isDead: @escaping @Sendable (Runner) -> Bool = { _ in true },
        junit: String = TrainFixture.junit
    ) -> TrainRunner {
        TrainRunner(
            log: log(life),
            effects: StepEffects(
                MortalCommands(world: world, life: life), report: { _ in Array(junit.utf8) },
                forget: { _ in }),
            clock: MovedClock(clock: clock), configuration: configuration,
            runner: Runner(host: "ci", process: number, started: "0"), isDead: isDead)
    }

    func history() async throws -> StreamHistory { try await log().history(of: release) }

    /// The story without who carried it and how often it was looked at.
    func story() async throws -> [String] {
        try await history().facts.filter {
            !$0.isOf(TrainBoarded.self) && !$0.isOf(SoakSampled.self)
        }.map { fact in
            let data = fact.data.object
            let facts = ["name", "service", "attempt", "outcome", "end", "environment"].compactMap {
                data?[$0].map { CanonicalJSONWriter.text(of: $0) }
            }
            return ([fact.type] + facts).joined(separator: " ")
        }
    }

    func holder(of environment: String) async throws -> EnvironmentClaimed? {
        try await EnvironmentHold(log().history(of: .environment(environment))).holder?.claim
    }
}
