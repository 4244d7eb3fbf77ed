import ArgumentParser
import BoringDeploy
import EventSourcing
import LedgerCore

struct GateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gate", abstract: "Ask gates.", subcommands: [GateCheckCommand.self])
}

struct GateCheckCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Ask whether a release may take a step; nothing is recorded.",
        discussion: """
            Exits with 0 if every gate passes, 10 if one refuses, 13 if something is still missing.

              daybook gate check --release 1.5.0 --before promote:prod
            """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var format: OutputOptions

    @Option(help: "The release, as 1.5.0 or shop/1.5.0.")
    var release: String

    @Option(
        help: ArgumentHelp(
            "A step of the train, as deploy:stage or promote:prod: the gates before it are asked.",
            valueName: "step"))
    var before: String?

    @Option(help: "One gate by name, instead of those of a step; may be repeated.")
    var gate: [String] = []

    func execute() async throws {
        let project = try Project()
        let history = try await project.history(
            of: release, in: project.log(ledger.openForReading()))
        let (names, environment) = try question(project.configuration)
        let open = names.filter { !project.configuration.gates.configured.contains($0) }
        guard open.isEmpty else {
            throw Failure(
                .usage,
                "daybook.yaml has no rules for \(open.joined(separator: ", ")), so there is nothing to check"
            )
        }
        let (verdict, overridden) = Gates.evaluate(
            names,
            GateQuestion(
                history: history, configuration: project.configuration, environment: environment,
                now: SystemClock.now()))
        switch format.output {
        case .json:
            try StandardOutput.writeLine([
                "verdict": .string(verdict.name),
                "reasons": .array(verdict.reasons.map(\.json)),
                "overridden": .texts(overridden), "gates": .texts(names),
            ])
        case .table: try write(verdict, names, overridden)
        }
        switch verdict {
        case .pass: break
        case .refuse: throw Failure(.refused, "")
        case .inconclusive: throw Failure(.inconclusive, "")
        }
    }

    private func write(_ verdict: Verdict, _ names: [String], _ overridden: [String]) throws {
        for reason in verdict.reasons {
            try StandardOutput.write(
                Style.bad("\(reason.gate): ") + Table.printable(reason.reason) + "\n"
                    + "  to change it: \(Table.printable(reason.remedy))\n")
        }
        for name in overridden { try StandardOutput.write("\(name): overridden\n") }
        let asked = names.joined(separator: ", ")
        try StandardOutput.write(
            verdict == .pass ? Style.good("pass: \(asked)\n") : "\(verdict.name): \(asked)\n")
    }

    /// The gates that stand between the step and the one before it that goes anywhere.
    private func question(
        _ configuration: Configuration
    ) throws -> (names: [String], environment: String?) {
        guard let before else {
            guard !gate.isEmpty else {
                throw Failure(.usage, "name a step with --before, as promote:prod, or a --gate")
            }
            return (gate, nil)
        }
        let parts = before.split(separator: ":", maxSplits: 1).map(String.init)
        let place = configuration.train.firstIndex { step in
            switch step {
            case .deploy(let environment, _): parts == ["deploy", environment]
            case .promote(let environment, _): parts == ["promote", environment]
            default: false
            }
        }
        guard let place else {
            let known = configuration.train.compactMap { step in
                switch step {
                case .deploy(let environment, _): "deploy:\(environment)"
                case .promote(let environment, _): "promote:\(environment)"
                default: nil
                }
            }
            throw Failure(
                .usage,
                "the train has no step \"\(before)\"; it has: \(known.joined(separator: ", "))")
        }
        guard gate.isEmpty else { return (gate, parts[1]) }
        var names: [String] = []
        for case .gate(let more) in configuration.train[..<place] { names += more }
        guard !names.isEmpty else {
            throw Failure(
                .usage,
                "no gate stands before \(before), so there is nothing to check; name a --gate")
        }
        return (names, parts[1])
    }
}
