// in-toto predicates (https://github.com/in-toto/attestation/tree/main/spec/predicates):
// svr v0.2, test-result v0.1, release v0.2.

import EventSourcing
import LedgerCore

/// A statement of a bundle, to be signed, and the name of its file.
package struct EvidenceStatement: Sendable {
    package let name: String
    package let value: JSONValue

    /// - Parameter manifest: SHA-256 of `manifest.json`, which every statement is about.
    package static func all(
        _ releases: [ReleaseEvidence], manifest: Digest, sealedAt time: Timestamp, tool: String
    ) -> [EvidenceStatement] {
        // Of an earlier cut nothing is attested: its artifacts were others.
        let releases = releases.map(\.ofNewestCut)
        let whole = EvidenceStatement(
            name: "svr", subjects: subjects(of: releases, manifest),
            type: "https://in-toto.io/attestation/svr/v0.2",
            predicate: svr(releases, time, tool))
        guard releases.count == 1, let release = releases.first else { return [whole] }
        let subjects = subjects(of: releases, manifest)
        return [whole] + testResults(release, subjects + commit(of: release))
            + published(release, subjects)
    }

    private init(name: String, subjects: [JSONValue], type: String, predicate: JSONValue) {
        self.name = name
        value = [
            "_type": "https://in-toto.io/Statement/v1", "subject": .array(subjects),
            "predicateType": .string(type), "predicate": predicate,
        ]
    }

    private static func subjects(
        of releases: [ReleaseEvidence], _ manifest: Digest
    ) -> [JSONValue] {
        var subjects: [JSONValue] = [
            ["name": "manifest.json", "digest": ["sha256": .string(manifest.hex)]]
        ]
        for artifact in releases.flatMap({ $0.cut?.payload.artifacts ?? [] }) {
            subjects.append([
                "name": .string(artifact.name),
                "digest": ["sha256": .string(artifact.digest.hex)],
            ])
        }
        return subjects
    }

    /// Of git, by the digest that names it; nothing for what is none.
    private static func commit(of release: ReleaseEvidence) -> [JSONValue] {
        guard let commit = release.cut?.payload.commit, [40, 64].contains(commit.utf8.count),
            commit.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) })
        else { return [] }
        return [["name": "commit", "digest": ["gitCommit": .string(commit)]]]
    }

    /// Which properties the evidence has been verified to have.
    private static func svr(
        _ releases: [ReleaseEvidence], _ time: Timestamp, _ tool: String
    ) -> JSONValue {
        var properties = ["DAYBOOK_LOG_SEALED", "DAYBOOK_EVIDENCE_COMPLETE"]
        if !releases.isEmpty, releases.allSatisfy({ $0.gatesPassed }) {
            properties.append("DAYBOOK_GATES_PASSED")
        }
        if !releases.isEmpty, releases.allSatisfy(\.isApproved) {
            properties.append("DAYBOOK_APPROVED")
        }
        if !releases.isEmpty, releases.allSatisfy(\.isWithoutOverride) {
            properties.append("DAYBOOK_NO_OVERRIDE")
        }
        let policies = Set(releases.compactMap { $0.history.policy?.file.digest })
            .sorted { $0.hex < $1.hex }.map(configuration)
        return [
            "verifier": [
                "id": .string("https://daybook.dev/\(tool)"), "policies": .array(policies),
            ],
            "timeCreated": .string(time.description), "properties": .texts(properties),
        ]
    }

    private static func configuration(_ digest: Digest) -> JSONValue {
        ["name": "daybook.yaml", "digest": ["sha256": .string(digest.hex)]]
    }

    private static func testResults(
        _ release: ReleaseEvidence, _ subjects: [JSONValue]
    ) -> [EvidenceStatement] {
        let verifications = release.verifications.map { fact, done in
            (done.key.name, done.outcome == .passed, fact.position)
        }
        let canaries = release.canaries.map { fact, verdict in
            (verdict.key.name, verdict.decision == .pass, fact.position)
        }
        // The ride's plan says what is tried.
        let plan = release.history.rideConfiguration.map { [configuration($0.file.digest)] } ?? []
        return (verifications + canaries).enumerated().map { index, test in
            let (name, isPassed, position) = test
            let shown = JSONValue.texts(["\(name) (position \(position))"])
            return EvidenceStatement(
                name: "test-result-\(index + 1)", subjects: subjects,
                type: "https://in-toto.io/attestation/test-result/v0.1",
                predicate: [
                    "result": isPassed ? "PASSED" : "FAILED",
                    "configuration": .array(plan),
                    "passedTests": isPassed ? shown : [],
                    "warnedTests": [], "failedTests": isPassed ? [] : shown,
                ])
        }
    }

    private static func published(
        _ release: ReleaseEvidence, _ subjects: [JSONValue]
    ) -> [EvidenceStatement] {
        // A release statement is about what was released: without artifacts there is nothing to name.
        guard let cut = release.cut?.payload, !cut.artifacts.isEmpty, !release.promotions.isEmpty
        else { return [] }
        return [
            EvidenceStatement(
                name: "release", subjects: subjects,
                type: "https://in-toto.io/attestation/release/v0.2",
                predicate: [
                    "purl": .string(release.purl),
                    // The same for all versions.
                    "packageId": .string("release/\(release.project)"),
                ])
        ]
    }
}
