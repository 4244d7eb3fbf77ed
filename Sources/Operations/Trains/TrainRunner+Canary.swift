import BoringDeploy
import EventSourcing
import LedgerCore

extension TrainRunner {
    /// Looks at a canary once and writes down what was seen.
    func look(
        _ plan: CanaryPlan, _ key: StepKey, number: Int, stage: Int, previous: Digest?,
        _ history: StreamHistory
    ) async throws {
        var before: LookEvidence?
        if let previous {
            guard let kept = try await log.store.attachment(previous) else {
                throw StoreError(
                    .damaged, "the evidence of the look before, \(previous.reference), is gone")
            }
            before = try LookEvidence(bytes: kept.bytes)
        }
        let services = plan.checks.flatMap { check in
            if case .recordedAlerts(let services) = check.kind { services } else { [String]() }
        }
        let evidence = await canaries.look(
            plan, number, after: before, share: plan.stages[stage].percent,
            recordedAlerts: try await log.firingAlerts(of: services), asked: clock.now())
        let attachment = Attachment(evidence.bytes)
        let measured = CanaryMeasured(
            key, environment: plan.environment, look: number, stage: stage,
            samples: CheckSample.all(plan.checks, evidence, after: before),
            attachments: [AttachmentName(CanaryMeasured.evidenceName, attachment)])
        try await write(measured, history, attaching: [attachment])
    }

    func tell(_ verdict: CanaryVerdict) {
        let what =
            switch verdict.decision {
            case .goOn: ""
            case .pass: "passed, "
            case .rollback: "ROLLED BACK, "
            case .hold: "held, "
            }
        tell("\(verdict.key.name), look \(verdict.look): \(what)\(verdict.reason)")
    }

    /// A runner that ends early leaves no canary with traffic behind: whoever carries the train on
    /// gives it back.
    func giveTrafficBack(of release: StreamName) async {
        guard let history = try? await log.history(of: release),
            let decider = TrainDecider(history, now: clock.now())
        else { return }
        for environment in Set(configuration.environments.map(\.name)).sorted()
        where decider.hasTraffic(in: environment) {
            if let fault = await canaries.restore(environment) {
                tell("the traffic of \(environment) is NOT given back: \(fault)")
                continue
            }
            tell("the traffic of \(environment) is back on the stable version")
            guard let routed = decider.routedBack(in: environment) else { continue }
            try? await write(routed, history)
        }
    }
}

extension ReleaseLog {
    /// Alerts of services that fire, by what was recorded of them.
    func firingAlerts(of services: [String]) async throws -> [String] {
        var firing: [String] = []
        for service in services {
            firing += try await history(of: .service(service)).firingAlerts
        }
        return firing
    }

    /// Writes down the objectives that are in force, where they differ from what was written last.
    func define(_ files: [OpenSLOFile]) async throws {
        for (file, level) in files.flatMap({ file in file.levels.map { (file, $0) } }) {
            let stream = StreamName.service(level.service)
            let history = try await history(of: stream)
            let defined = ObjectiveDefined(level, AttachmentName("openslo.yaml", file.attachment))
            let last = history.all(ObjectiveDefined.self).last { $0.payload.name == level.name }
            guard last?.payload != defined else { continue }
            try await append(
                defined, to: stream, after: history.streamVersion, attaching: [file.attachment])
        }
    }
}
