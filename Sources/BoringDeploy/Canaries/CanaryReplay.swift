import EventSourcing
import LedgerCore

/// Judges a release's canaries again, from what was answered at each look, and compares every
/// verdict with the recorded one. Pure: whoever has the log has all that it takes.
package struct CanaryReplay: Sendable {
    /// One thing that is not as it was recorded.
    package struct Difference: Sendable, Equatable {
        package let position: Position
        package let sentence: String
    }

    /// Verdicts that were made again.
    package private(set) var verdicts = 0
    package private(set) var looks = 0
    package private(set) var differences: [Difference] = []

    /// By ride and step.
    private struct Place: Hashable {
        let run: Int
        let step: Int
    }

    private struct Course {
        var course: CanaryCourse
        var evidence: (digest: Digest, LookEvidence)?
        var measured: CanaryMeasured?
        var next = 0
    }

    /// - Parameter attachment: The bytes of an attachment; nil if the ledger has lost them.
    package init(
        _ history: StreamHistory, attachment: (Digest) async throws -> [UInt8]?
    ) async throws {
        var courses: [Place: Course] = [:]
        for fact in history.facts {
            if fact.isOf(TrainStarted.self), let started = try? TrainStarted(data: fact.data) {
                for (step, planned) in started.plan.enumerated() {
                    guard case .canary(let plan) = planned else { continue }
                    courses[Place(run: started.run, step: step)] = Course(
                        course: CanaryCourse(plan))
                }
            } else if fact.isOf(CanaryMeasured.self) {
                guard let measured = try? CanaryMeasured(data: fact.data) else {
                    note(fact, "the look cannot be read")
                    continue
                }
                let place = Place(run: measured.key.run, step: measured.key.step)
                guard var course = courses[place] else {
                    note(fact, "no train has a canary at step \(place.step) of ride \(place.run)")
                    continue
                }
                try await take(measured, fact, &course, attachment)
                courses[place] = course
            } else if fact.isOf(CanaryVerdict.self) {
                guard let verdict = try? CanaryVerdict(data: fact.data),
                    var course = courses[Place(run: verdict.key.run, step: verdict.key.step)]
                else {
                    note(fact, "the verdict cannot be read, or belongs to no canary")
                    continue
                }
                compare(verdict, fact, &course)
                courses[Place(run: verdict.key.run, step: verdict.key.step)] = course
            }
        }
        for (place, course) in courses.sorted(by: { $0.key.run < $1.key.run }) {
            // A runner may have died between a look and its verdict; only one can be missing.
            guard let measured = course.measured, isPassed(history, place) else { continue }
            differences.append(
                Difference(
                    position: history.facts.last?.position ?? .first,
                    sentence: "look \(measured.look) of \(measured.key.name) has no verdict, and "
                        + "the train went on"))
        }
    }

    private func isPassed(_ history: StreamHistory, _ place: Place) -> Bool {
        history.all(StepIntended.self).contains {
            $0.payload.key.run == place.run && $0.payload.key.step > place.step
                && $0.payload.effect != .rollback
        }
    }

    private mutating func note(_ fact: StreamHistory.Fact, _ sentence: String) {
        differences.append(Difference(position: fact.position, sentence: sentence))
    }

    private mutating func take(
        _ measured: CanaryMeasured, _ fact: StreamHistory.Fact, _ course: inout Course,
        _ attachment: (Digest) async throws -> [UInt8]?
    ) async throws {
        looks += 1
        if let open = course.measured {
            note(fact, "look \(open.look) has no verdict, and look \(measured.look) follows it")
        }
        if measured.look != course.next {
            note(fact, "look \(measured.look) stands where look \(course.next) should")
        }
        course.next = measured.look + 1
        course.measured = measured
        defer { course.course.take(measured, at: fact.recordedTime) }
        guard let digest = measured.evidence else {
            return note(fact, "look \(measured.look) has no \(CanaryMeasured.evidenceName)")
        }
        guard let bytes = try await attachment(digest) else {
            return note(fact, "the evidence \(digest.reference) is not in the ledger")
        }
        guard SHA256.hash(bytes) == digest else {
            return note(fact, "the evidence \(digest.reference) has other bytes")
        }
        let evidence: LookEvidence
        do {
            evidence = try LookEvidence(bytes: bytes)
        } catch {
            return note(fact, error.description)
        }
        let before = course.evidence
        course.evidence = (digest, evidence)
        if evidence.look != measured.look || evidence.previous != before?.digest {
            note(fact, "the evidence is that of another look than \(measured.look)")
        }
        let samples = CheckSample.all(course.course.plan.checks, evidence, after: before?.1)
        if samples != measured.samples {
            let names = zip(samples, measured.samples).first { $0 != $1 }?.0.check
            note(
                fact,
                "the evidence of look \(measured.look) gives other samples"
                    + (names.map { " of \($0)" } ?? ""))
        }
    }

    private mutating func compare(
        _ verdict: CanaryVerdict, _ fact: StreamHistory.Fact, _ course: inout Course
    ) {
        verdicts += 1
        guard let measured = course.measured, measured.look == verdict.look else {
            return note(fact, "the verdict on look \(verdict.look) stands on no such look")
        }
        course.measured = nil
        let again = course.course.verdict(on: measured)
        if verdict.decision == .hold { course.course.hold() }
        guard again.data != fact.data else { return }
        if verdict.judge != again.judge {
            note(
                fact,
                "look \(verdict.look) was judged by \(verdict.judge), and this program is "
                    + "\(again.judge)")
        } else if verdict.decision != again.decision {
            note(
                fact,
                "look \(verdict.look) was judged \(verdict.decision.rawValue); judged again, it "
                    + "is \(again.decision.rawValue): \(again.reason)")
        } else {
            let check = zip(verdict.checks, again.checks).first { $0 != $1 }?.1
            note(
                fact,
                "the verdict on look \(verdict.look) has other numbers"
                    + (check?.object?["name"]?.string.map { " for \($0)" } ?? ""))
        }
    }
}
