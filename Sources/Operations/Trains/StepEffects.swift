import BoringDeploy
import EventSourcing
import Foundation
import LedgerCore

/// What a train does to the world outside: runs the commands of the configuration and reads what
/// they leave behind. Nothing here throws: whatever goes wrong is a failed outcome with its reason.
package struct StepEffects: Sendable {
    private let commands: any CommandRunner
    /// Where commands run, and where paths start.
    private let folder: String?
    /// The bytes of a report that a smoke suite has written; nil if there is none.
    private let report: @Sendable (_ path: String) -> [UInt8]?
    private let forget: @Sendable (_ path: String) -> Void

    package init(
        _ commands: any CommandRunner, folder: String? = nil,
        report: @escaping @Sendable (String) -> [UInt8]? = { path in
            FileManager.default.contents(atPath: path).map { Array($0) }
        },
        forget: @escaping @Sendable (String) -> Void = { unlink($0) }
    ) {
        self.commands = commands
        self.folder = folder
        self.report = report
        self.forget = forget
    }

    private func command(
        _ argv: [String], _ key: StepKey, _ environment: Environment?, _ name: String,
        _ history: StreamHistory
    ) -> Command {
        var command = Command(argv)
        command.folder = folder
        command.timeout = environment?.timeout ?? .seconds(900)
        command.secrets = environment?.secrets ?? []
        command.isLive = true
        let cut = history.cut?.payload
        command.variables = [
            "DAYBOOK_RELEASE": history.stream.text, "DAYBOOK_VERSION": cut?.version ?? "",
            "DAYBOOK_COMMIT": cut?.commit ?? "", "DAYBOOK_ENVIRONMENT": name,
            "DAYBOOK_STEP": key.name, "DAYBOOK_ATTEMPT": String(key.attempt),
            "DAYBOOK_IDEMPOTENCY_KEY": key.idempotencyKey(of: history.stream.text),
        ]
        if let service = key.service { command.variables["DAYBOOK_SERVICE"] = service }
        return command
    }

    /// Runs a deploy or rollback command.
    func run<Kind>(
        _ argv: [String]?, _ intended: StepIntended, _ environment: Environment?,
        _ history: StreamHistory
    ) async -> (StepOutcome<Kind>, [Attachment]) {
        guard let argv, !argv.isEmpty else {
            let reason =
                "environment \(intended.environment) has no \(intended.effect.rawValue) command "
                + "in daybook.yaml"
            return (
                StepOutcome(intended.key, environment: intended.environment, .failed, reason), []
            )
        }
        let ended = await commands.run(
            command(argv, intended.key, environment, intended.environment, history))
        let kept = ended.attachments
        return (
            StepOutcome(
                intended.key, environment: intended.environment,
                ended.isSuccess ? .passed : .failed, ended.description,
                details: details(argv), attachments: kept.map { AttachmentName($0.0, $0.1) }),
            kept.map(\.1)
        )
    }

    private func details(_ argv: [String]) -> JSONObject {
        var details = JSONObject()
        details["argv"] = .texts(argv)
        return details
    }

    /// Runs a smoke suite and reads its JUnit XML; no test is a failure.
    func verify(
        _ step: TrainStep?, _ intended: StepIntended, _ environment: Environment?,
        _ history: StreamHistory
    ) async -> (VerificationCompleted, [Attachment]) {
        func outcome(
            _ outcome: Outcome, _ reason: String, _ details: JSONObject = JSONObject(),
            _ kept: [(String, Attachment)] = []
        ) -> (VerificationCompleted, [Attachment]) {
            (
                VerificationCompleted(
                    intended.key, environment: intended.environment, outcome, reason,
                    details: details, attachments: kept.map { AttachmentName($0.0, $0.1) }),
                kept.map(\.1)
            )
        }
        guard case .verify(let plan) = step else {
            return outcome(.failed, "the plan has no such step")
        }
        let path = folder.map { plan.junit.hasPrefix("/") ? plan.junit : "\($0)/\(plan.junit)" }
        forget(path ?? plan.junit)
        var command = command(plan.smoke, intended.key, environment, plan.environment, history)
        command.timeout = plan.timeout
        let ended = await commands.run(command)
        var kept = ended.attachments
        var details = details(plan.smoke)
        guard let bytes = report(path ?? plan.junit) else {
            return outcome(
                .failed, "\(ended.description), and it left no report at \(plan.junit)", details,
                kept)
        }
        kept.append(("junit.xml", Attachment(bytes)))
        let results: JUnitReport
        do {
            results = try JUnitReport(bytes)
        } catch {
            return outcome(.failed, "\(plan.junit): \(error)", details, kept)
        }
        for (name, count) in results.counts { details[name] = .integer(count) }
        details["failing"] = .texts(results.failing.prefix(100))
        if let fault = results.fault { return outcome(.failed, fault, details, kept) }
        guard ended.isSuccess else {
            return outcome(.failed, "its tests pass, but \(ended.description)", details, kept)
        }
        return outcome(
            .passed,
            "\(results.passed) test\(results.passed == 1 ? "" : "s") passed"
                + (results.skipped > 0 ? ", \(results.skipped) skipped" : ""), details, kept
        )
    }

    /// Looks at a soaking environment once.
    func sample(
        _ plan: SoakPlan, _ key: StepKey, _ history: StreamHistory
    ) async -> SoakSampled {
        guard !plan.watch.isEmpty else {
            return SoakSampled(key, environment: plan.environment, isGood: true, reason: "watched")
        }
        var command = command(plan.watch, key, nil, plan.environment, history)
        command.timeout = plan.watchTimeout
        command.isLive = false
        let ended = await commands.run(command)
        return SoakSampled(
            key, environment: plan.environment, isGood: ended.isSuccess, reason: ended.description)
    }
}

extension CommandOutcome {
    fileprivate var attachments: [(String, Attachment)] {
        [("output.txt", output), ("errors.txt", errors)].filter { !$0.1.isEmpty }
            .map { ($0.0, Attachment($0.1)) }
    }
}
