import ArgumentParser
import BoringDeploy
import LedgerCore
import Operations

struct SLOCheckCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check OpenSLO files; every fault is told with its line.",
        discussion: """
              daybook slo check slo/*.yaml
            """)

    @OptionGroup var format: OutputOptions
    @OptionGroup var source: SLOOptions

    func execute() async throws {
        let levels = try source.levels()
        switch format.output {
        case .json: for level in levels { try StandardOutput.writeLine(level.json) }
        case .table:
            var table = Table(["SLO", "SERVICE", "OBJECTIVE", "PERIOD", "CANARIES"])
            for level in levels {
                table.add([
                    level.name, level.service, "\(level.target)", level.period.prometheus,
                    level.isCountable ? "yes" : "no: its requests are not counted",
                ])
            }
            try table.write()
        }
    }
}

extension ServiceLevel {
    /// Whether a canary can be judged by it.
    var isCountable: Bool {
        if case .ratio(_, _, _, isCounter: true) = indicator { true } else { false }
    }

    var json: JSONValue {
        [
            "name": .string(name), "service": .string(service), "target": .string("\(target)"),
            "period": .string(period.prometheus), "source": .string(source.reference),
            "countable": .bool(isCountable),
            "alerts": .array(
                BurnRate.all.map { burn in
                    [
                        "severity": .string(burn.severity.rawValue),
                        "long": .string(burn.long.prometheus),
                        "short": .string(burn.short.prometheus),
                        "factor": .string("\(burn.factor(over: period))"),
                        "threshold": .string("\(threshold(burn))"),
                    ]
                }),
        ]
    }
}
