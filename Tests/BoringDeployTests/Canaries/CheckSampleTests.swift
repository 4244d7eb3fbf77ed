import BoringDeploy
import EventSourcing
import LedgerCore
import LedgerTesting
import Testing

@Suite("From answers to samples")
struct CheckSampleTests {
    private typealias Series = MetricReading.Series
    private static let bad = "bad{track=\"canary\"}"
    private static let all = "all{track=\"canary\"}"

    private let counts = CanaryCheck(
        "errors",
        .counts(
            CountsRule(.limit, limit: 0.01),
            CanaryCheck.Counters(part: bad, isGood: false, total: all), stable: nil))

    private func look(
        _ number: Int, _ answers: [String: MetricReading.Answer], router: RouterReading? = nil
    ) -> LookEvidence {
        LookEvidence(
            look: number, asked: Timestamp(microseconds: 0),
            metrics: MetricReading(time: 0, answers: answers), router: router,
            routerFault: router == nil ? "there is none" : nil)
    }

    private func series(_ values: [String: String]) -> MetricReading.Answer {
        .series(values.map { Series(labels: "{\"pod\":\"\($0.key)\"}", value: $0.value) })
    }

    private func sample(
        _ before: (bad: MetricReading.Answer, all: MetricReading.Answer),
        _ now: (bad: MetricReading.Answer, all: MetricReading.Answer), _ check: CanaryCheck? = nil
    ) -> CheckSample.Content? {
        CheckSample(
            check ?? counts, look(1, [Self.bad: now.bad, Self.all: now.all]),
            after: look(0, [Self.bad: before.bad, Self.all: before.all]))?.content
    }

    private func missing(_ content: CheckSample.Content?) -> String? {
        if case .missing(let reason) = content { reason } else { nil }
    }

    @Test("counters count by their growth, series by series; a new one from 0")
    func growth() {
        let found = sample(
            (series(["a": "1"]), series(["a": "100"])),
            (series(["a": "3", "b": "1"]), series(["a": "150", "b": "20"])))
        #expect(
            found == .counts(LookCounts(canary: RequestCounts(total: 70, bad: 3))))
    }

    @Test("bad requests that have no series yet are none")
    func noBad() {
        let found = sample((series([:]), series(["a": "1"])), (series([:]), series(["a": "9"])))
        #expect(found == .counts(LookCounts(canary: RequestCounts(total: 8, bad: 0))))
    }

    @Test("good requests are counted the other way round, and never more than all")
    func good() {
        let check = CanaryCheck(
            "latency",
            .counts(
                CountsRule(.limit, limit: 0.01),
                CanaryCheck.Counters(part: Self.bad, isGood: true, total: Self.all), stable: nil))
        let before = (series(["a": "0"]), series(["a": "0"]))
        #expect(
            sample(before, (series(["a": "7"]), series(["a": "10"])), check)
                == .counts(LookCounts(canary: RequestCounts(total: 10, bad: 3))))
        #expect(
            sample(before, (series(["a": "11"]), series(["a": "10"])), check)
                == .counts(LookCounts(canary: RequestCounts(total: 10, bad: 0))))
    }

    @Test("nothing that is missing counts for the canary")
    func absent() {
        let before = (series(["a": "1"]), series(["a": "100"]))
        let whole = series(["a": "200"])
        #expect(
            missing(sample(before, (series(["a": "1"]), series([:])))) == "\(Self.all) has no data")
        #expect(missing(sample(before, (series(["a": "0"]), whole)))?.contains("was reset") == true)
        #expect(missing(sample(before, (series([:]), whole)))?.contains("is gone") == true)
        #expect(missing(sample(before, (series(["a": "NaN"]), whole)))?.contains("is NaN") == true)
        #expect(missing(sample(before, (series(["a": "+Inf"]), whole)))?.contains("+Inf") == true)
        #expect(missing(sample(before, (.failed("it timed out"), whole))) == "it timed out")
        #expect(missing(sample((.failed("it was down"), before.1), before)) == "it was down")
    }

    @Test("the first look says nothing of counters")
    func first() {
        let evidence = look(0, [Self.bad: series([:]), Self.all: series(["a": "5"])])
        #expect(CheckSample(counts, evidence, after: nil) == nil)
    }

    @Test("a gauge is the sum of its series, and one without data is missing")
    func gauge() {
        let check = CanaryCheck("backlog", .gauge(GaugeRule(), canary: "c", stable: "s"))
        let found = CheckSample(
            check, look(0, ["c": series(["a": "2", "b": "3"]), "s": series(["a": "1"])]),
            after: nil)
        #expect(found?.content == .gauge(canary: 5, stable: 1))
        let none = CheckSample(
            check, look(0, ["c": series([:]), "s": series(["a": "1"])]), after: nil)
        #expect(missing(none?.content) == "c has no data")
    }

    @Test("alerts that fire are bad, and one that is not answered is missing")
    func alerts() {
        let check = CanaryCheck("alerts", .alerts("q"))
        func content(_ answer: MetricReading.Answer) -> CheckSample.Content? {
            CheckSample(check, look(0, ["q": answer]), after: nil)?.content
        }
        #expect(content(.series([])) == .flag(isBad: false, "none fires"))
        if case .flag(let isBad, let reason)? = content(series(["a": "1"])) {
            #expect(isBad && reason.contains("\"pod\":\"a\""))
        } else {
            Issue.record("it is no flag")
        }
        #expect(content(.failed("no")) == .missing("no"))
    }

    @Test("a canary that is not up yet is missing; one that was up and is down is bad")
    func reachable() {
        let check = CanaryCheck("reachable", .reachable)
        func evidence(_ isUp: Bool) -> LookEvidence {
            let arm = RouterReading.Arm(weight: 50, isUp: isUp)
            return look(0, [:], router: RouterReading(canary: arm, stable: arm))
        }
        func content(_ now: LookEvidence, _ before: LookEvidence?) -> CheckSample.Content? {
            CheckSample(check, now, after: before)?.content
        }
        #expect(content(evidence(true), nil) == .flag(isBad: false, "it is up"))
        #expect(missing(content(evidence(false), nil))?.contains("does not say") == true)
        #expect(missing(content(evidence(false), evidence(false))) != nil)
        if case .flag(true, _)? = content(evidence(false), evidence(true)) {
        } else {
            Issue.record("it is not bad")
        }
        #expect(missing(content(look(0, [:]), evidence(true))) == "there is none")
    }

    @Test("the router's own counters are a comparison; one that was reset is missing")
    func connections() {
        let check = CanaryCheck("connections", .connections(CountsRule(.comparison, limit: 0.05)))
        func reading(_ total: Int, _ failed: Int) -> RouterReading {
            let arm = RouterReading.Arm(
                weight: 50, isUp: true, connections: total, failures: failed)
            return RouterReading(canary: arm, stable: arm)
        }
        let before = look(0, [:], router: reading(100, 1))
        let found = CheckSample(check, look(1, [:], router: reading(120, 5)), after: before)
        let counted = RequestCounts(total: 20, bad: 4)
        #expect(found?.content == .counts(LookCounts(canary: counted, stable: counted)))
        let reset = CheckSample(check, look(1, [:], router: reading(7, 0)), after: before)
        #expect(missing(reset?.content) == "the router's counters were reset")
        let gone = CheckSample(check, look(1, [:]), after: before)
        #expect(missing(gone?.content) == "there is none")
    }

    @Test(
        "evidence and samples are read back as they were written, and damaged evidence is refused")
    func roundTrip() throws {
        let evidence = look(
            3, [Self.bad: series(["a": "1"]), "x": .failed("no")],
            router: RouterReading(
                canary: RouterReading.Arm(weight: 1, isUp: false),
                stable: RouterReading.Arm(weight: 99, isUp: true, connections: 4, failures: 0)))
        #expect(try LookEvidence(bytes: evidence.bytes) == evidence)
        var numbers = Seed.numbers(for: "damaged evidence")
        for _ in 0..<500 {
            var bytes = evidence.bytes
            let place = Int.random(in: bytes.indices, using: &numbers)
            switch Int.random(in: 0..<3, using: &numbers) {
            case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &numbers)
            case 1: bytes.remove(at: place)
            default: bytes.removeSubrange(place...)
            }
            // It must end in an error or in other evidence, never in a crash.
            _ = try? LookEvidence(bytes: bytes)
        }
    }
}
