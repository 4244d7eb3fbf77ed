import EventSourcing
import LedgerCore
import LedgerTesting
import Testing

@testable import BoringDeploy
@testable import Operations

/// A train with a canary on simulated traffic.
struct CanaryFixture {
    var train: TrainFixture
    let traffic: SimulatedTraffic
    let objectives: [OpenSLOFile]

    static let objective = """
        apiVersion: openslo/v1
        kind: SLO
        metadata: {name: answers}
        spec:
          service: shop
          indicator:
            metadata: {name: answers}
            spec:
              ratioMetric:
                counter: true
                bad: {metricSource: {type: Prometheus, spec: {query: 'requests{code=~"5.."}'}}}
                total: {metricSource: {type: Prometheus, spec: {query: requests}}}
          timeWindow: [{duration: 30d, isRolling: true}]
          budgetingMethod: Occurrences
          objectives: [{target: 0.99}]
        """

    init(
        canaryErrors: Double = 0.002, _ change: (inout CanaryPlan) -> Void = { _ in }
    ) async throws {
        train = try await TrainFixture()
        traffic = SimulatedTraffic(train.clock, canaryErrors: canaryErrors)
        objectives = [try OpenSLOFile(path: "slo.yaml", bytes: Array(Self.objective.utf8))]
        var plan = CanaryPlan(
            environment: "stage",
            stages: [
                CanaryPlan.Stage(percent: 20, duration: .seconds(60)),
                CanaryPlan.Stage(percent: 50, duration: .seconds(60)),
            ])
        change(&plan)
        train.configuration.services = [Service(name: "shop", slos: ["slo.yaml"])]
        train.configuration.environments[0].router = .exec(["weigh"])
        train.configuration.environments[0].metrics = MetricsSettings(prometheus: "http://p")
        train.configuration.train = [
            .cut, .deploy(environment: "stage", services: []), .canary(plan),
            .promote(environment: "prod", services: []),
        ]
    }

    func ride(_ number: Int = 1, life: Life = Life()) async throws -> TrainRunner.End {
        try await TrainRunner(
            log: train.log(life),
            effects: StepEffects(
                MortalCommands(world: train.world, life: life), report: { _ in nil },
                forget: { _ in }),
            canaries: CanaryEffects(
                routers: ["stage": MortalRouter(traffic: traffic, life: life)],
                sources: ["stage": MortalSource(traffic: traffic, life: life)]),
            clock: MovedClock(clock: train.clock), configuration: train.configuration,
            objectives: objectives,
            runner: Runner(host: "ci", process: number, started: "0"), isDead: { _ in true }
        ).ride(train.release)
    }

    /// Shares that were routed, decisions that ended something, and what else was done.
    func story() async throws -> [String] {
        try await train.history().facts.compactMap { fact in
            let data = fact.data.object
            if fact.isOf(CanaryMeasured.self) || fact.isOf(TrainBoarded.self) { return nil }
            if fact.isOf(CanaryVerdict.self) {
                let decision = data?["decision"]?.string ?? ""
                return decision == "continue" ? nil : "verdict \(decision)"
            }
            if let routed = try? CanaryRouted(data: fact.data), fact.isOf(CanaryRouted.self) {
                return "routed \(routed.percent ?? -1)% \(routed.outcome.rawValue)"
            }
            return
                ([fact.type]
                + ["name", "effect", "outcome", "end"].compactMap {
                    data?[$0]?.string
                }).joined(separator: " ")
        }
    }

    func replay() async throws -> CanaryReplay {
        try await CanaryReplay(train.history()) { try await train.store.attachment($0)?.bytes }
    }
}

@Suite("A train with a canary")
struct CanaryRideTests {
    @Test("a good one is promoted, and the traffic goes back to the stable version first")
    func good() async throws {
        let fixture = try await CanaryFixture()
        guard case .finished(let end) = try await fixture.ride() else {
            Issue.record("it did not finish")
            return
        }
        #expect(end.end == .completed, "\(end.reason)")
        #expect(fixture.traffic.percent == 0)
        let routed = try await fixture.story().filter { $0.hasPrefix("routed") }
        #expect(routed == [0, 20, 50, 0].map { "routed \($0)% passed" })
    }

    @Test("a bad one is rolled back at an early look")
    func bad() async throws {
        let fixture = try await CanaryFixture(canaryErrors: 0.3)
        guard case .finished(let end) = try await fixture.ride() else {
            Issue.record("it did not finish")
            return
        }
        #expect(end.end == .rolledBack)
        #expect(fixture.traffic.percent == 0)
        let verdicts = try await fixture.train.history().all(CanaryVerdict.self)
        #expect(verdicts.count <= 3)
        #expect(end.reason.contains("answers"))
    }

    @Test(
        "a runner that dies at its k-th port call is carried on to the same end, with the traffic where it belongs",
        arguments: [0.002, 0.3])
    func dying(errors: Double) async throws {
        let whole = try await CanaryFixture(canaryErrors: errors)
        let life = Life()
        _ = try await whole.ride(life: life)
        let story = try await whole.story()
        for call in stride(from: 1, through: life.callCount, by: 3) {
            for endsAfterEffect in [false, true] {
                let fixture = try await CanaryFixture(canaryErrors: errors)
                _ = try? await fixture.ride(
                    1, life: Life(lastCall: call, endsAfterEffect: endsAfterEffect))
                _ = try await fixture.ride(2)
                let place = "call \(call), \(endsAfterEffect ? "after" : "before") the effect"
                #expect(try await fixture.story() == story, "\(place)")
                #expect(fixture.traffic.percent == 0, "\(place)")
                #expect(try await fixture.replay().differences.isEmpty, "\(place)")
            }
        }
    }

    @Test("one that shows nothing is held, extended or rolled back, as the plan says")
    func inconclusive() async throws {
        for policy in CanaryPlan.Inconclusive.allCases {
            let fixture = try await CanaryFixture { plan in
                plan.minimum = 1_000_000
                plan.inconclusive = policy
                plan.limit = .seconds(300)
            }
            let end = try await fixture.ride()
            #expect(fixture.traffic.percent == 0, "\(policy)")
            let looks = try await fixture.train.history().all(CanaryMeasured.self).count
            switch (policy, end) {
            case (.hold, .inconclusive): #expect(looks == 10, "\(looks)")
            case (.rollback, .finished(let end)):
                #expect(end.end == .rolledBack)
                #expect(looks == 10, "\(looks)")
            case (.extend, .finished(let end)):
                #expect(end.end == .rolledBack)
                #expect((20...23).contains(looks), "\(looks)")
            default: Issue.record("\(policy): \(end)")
            }
            #expect(try await fixture.replay().differences.isEmpty)
        }
    }

    @Test("an environment without a router, or without objectives, is told before anything is done")
    func unprepared() async throws {
        for (change, words) in [
            ({ $0.environments[0].router = nil }, "add router:"),
            ({ $0.environments[0].metrics = nil }, "add metrics:"),
            ({ $0.services = [] }, "nothing to be judged by"),
        ] as [((inout Configuration) -> Void, String)] {
            var fixture = try await CanaryFixture()
            change(&fixture.train.configuration)
            guard case .refused(let why) = try await fixture.ride() else {
                Issue.record("it was not refused: \(words)")
                continue
            }
            #expect(why.contains(words), "\(why)")
            #expect(fixture.train.world.distinctDeeds.isEmpty)
        }
    }
}
