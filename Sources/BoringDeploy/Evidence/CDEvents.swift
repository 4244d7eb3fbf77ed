// CDEvents 0.5.1 in CloudEvents 1.0 (https://cdevents.dev/docs/): context, subject, customData. What CDEvents has
// no type for is a custom event (https://github.com/cdevents/spec/tree/main/custom) of the tool `daybook`.

import EventSourcing
import LedgerCore

/// `cdevents.jsonl`: the story of a bundle's releases for tools that read CDEvents, one event a line, in
/// order. Each names in its customData the entry that it tells of.
struct CDEvents {
    private let origin: KeyName

    init(origin: KeyName) { self.origin = origin }

    func lines(_ releases: [ReleaseEvidence]) -> [UInt8] {
        var lines: [UInt8] = []
        // What bears on two releases is told once.
        var seen: Set<Position> = []
        for release in releases {
            let facts = (release.history.facts + release.surroundings)
                .sorted { $0.position < $1.position }
            for fact in facts where seen.insert(fact.position).inserted {
                for (number, one) in told(fact, release).enumerated() {
                    let event = event(one, fact, number)
                    lines += CanonicalJSONWriter.bytes(of: event) + [0x0A]
                }
            }
        }
        return lines
    }

    /// What an entry tells in CDEvents' words.
    private struct Told {
        /// As `service.deployed.0.3.0`, without CDEvents' or the tool's prefix.
        let type: String
        let subject: String
        var content: JSONValue = [:]
        var isCustom = false

        static func custom(_ fact: StreamHistory.Fact, _ subject: String) -> Told {
            let name = EventType(fact.type).versioned?.name ?? fact.type
            // CDEvents' own pattern takes letters alone.
            let words = name.unprefixed.split(separator: ".").map { word in
                word.lowercased().filter { $0.isASCII && $0.isLetter }
            }.filter { !$0.isEmpty }
            let verb = words.last ?? "recorded"
            let noun = words.dropLast().joined()
            return Told(
                type: "\(noun.isEmpty ? "event" : noun).\(verb).0.1.0", subject: subject,
                isCustom: true)
        }
    }

    private func event(_ told: Told, _ fact: StreamHistory.Fact, _ number: Int) -> JSONValue {
        let type =
            told.isCustom ? "dev.cdeventsx.daybook-\(told.type)" : "dev.cdevents.\(told.type)"
        let id = number == 0 ? fact.hash.hex : "\(fact.hash.hex)-\(number)"
        let time = JSONValue.string(fact.recordedTime.description)
        return [
            "specversion": "1.0", "id": .string(id), "source": .string(origin.text),
            "type": .string(type), "subject": .string(told.subject), "time": time,
            "datacontenttype": "application/json",
            "data": [
                "context": [
                    "specversion": "0.5.1", "id": .string(id), "source": .string(origin.text),
                    "type": .string(type), "timestamp": time,
                ],
                "subject": ["id": .string(told.subject), "content": told.content],
                "customData": [
                    "ledger": .string(origin.text),
                    "position": .number(Double(fact.position.value)),
                    "hash": .string(fact.hash.hex), "type": .string(fact.recordedType),
                    "actor": .optional(fact.actor),
                ],
                "customDataContentType": "application/json",
            ],
        ]
    }

    // MARK: What each of our events is to CDEvents

    private func told(_ fact: StreamHistory.Fact, _ release: ReleaseEvidence) -> [Told] {
        let name = release.name
        func read<Payload: EventPayload>(_ type: Payload.Type) -> Payload? {
            fact.isOf(type) ? try? Payload(data: fact.data) : nil
        }
        let told: [Told?]
        if let cut = read(ReleaseCut.self) {
            told = released(cut, release)
        } else if release.reviews.contains(where: { $0.fact.position == fact.position }) {
            told = [Told(type: "change.reviewed.0.3.0", subject: commit(of: release))]
        } else if let done = read(DeploymentCompleted.self), done.outcome == .passed {
            told = [service("deployed", done.environment, release.purl, release)]
        } else if let promoted = read(ReleasePromoted.self) {
            told = [service("upgraded", promoted.environment, release.purl, release)]
        } else if let done = read(RollbackCompleted.self), done.outcome == .passed {
            told = [service("rolledback", done.environment, previous(of: release), release)]
        } else if let done = read(VerificationCompleted.self) {
            told = [tests(done.key, done.environment, done.outcome, done.reason, name)]
        } else if let done = read(SoakCompleted.self) {
            told = [tests(done.key, done.environment, done.outcome, done.reason, name)]
        } else if let fired = read(AlertFired.self) {
            told = [incident("detected", fired.alert)]
        } else if let resolved = read(AlertResolved.self) {
            told = [incident("resolved", resolved.alert)]
        } else {
            told = [.custom(fact, name)]
        }
        return told.compactMap(\.self)
    }

    private func released(_ cut: ReleaseCut, _ release: ReleaseEvidence) -> [Told] {
        let artifacts = cut.artifacts.map {
            Told(
                type: "artifact.published.0.3.0",
                subject: PackageURL.artifact($0, of: release.project, cut.version))
        }
        let changes = cut.changes.filter { !$0.reverted }.map {
            Told(type: "change.merged.0.3.0", subject: $0.commit)
        }
        let all = changes + artifacts
        return all.isEmpty
            ? [Told(type: "release.cut.0.1.0", subject: release.name, isCustom: true)] : all
    }

    private func service(
        _ verb: String, _ environment: String?, _ artifact: String, _ release: ReleaseEvidence
    ) -> Told {
        Told(
            type: "service.\(verb).0.3.0", subject: release.project,
            content: [
                "environment": ["id": .string(environment ?? "unspecified")],
                "artifactId": .string(artifact),
            ])
    }

    private func tests(
        _ key: StepKey, _ environment: String?, _ outcome: Outcome, _ reason: String, _ name: String
    ) -> Told {
        let said = outcome == .passed ? "success" : outcome == .failed ? "failure" : "error"
        return Told(
            type: "testsuiterun.finished.0.3.0",
            subject: "\(name)/\(key.run)/\(key.step)/\(key.attempt)",
            content: [
                "environment": ["id": .string(environment ?? "unspecified")],
                "testSuite": ["id": .string(key.name)], "outcome": .string(said),
                "reason": .string(reason),
            ])
    }

    private func incident(_ verb: String, _ alert: DeliveredAlert) -> Told {
        Told(
            type: "incident.\(verb).0.3.0",
            subject: "alert/\(alert.fingerprint)/\(alert.startsAt)",
            content: [
                "environment": ["id": .string(alert.labels["environment"] ?? "unspecified")],
                "service": ["id": .string(alert.service)],
                "description": .string(alert.labels["alertname"] ?? alert.fingerprint),
            ])
    }

    // MARK: Names

    private func commit(of release: ReleaseEvidence) -> String {
        release.cut?.payload.commit ?? release.name
    }

    private func previous(of release: ReleaseEvidence) -> String {
        PackageURL.release(release.project, release.cut?.payload.previous ?? "unknown")
    }
}
