import ArgumentParser
import BoringDeploy
import Foundation
import LedgerCore
import Operations

struct SLOStatusCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say where objectives stand: budget left, and how fast it is burnt.",
        discussion: """
            Asks the Prometheus that daybook.yaml names for an environment, or the one that is given.

              daybook slo status
              daybook slo status slo/checkout.yaml --prometheus http://127.0.0.1:9090
            """)

    @OptionGroup var format: OutputOptions
    @OptionGroup var source: SLOOptions

    @Option(help: ArgumentHelp("The Prometheus to ask.", valueName: "url"))
    var prometheus: String?

    @Option(help: "The environment whose metrics are asked, if daybook.yaml has several.")
    var environment: String?

    func execute() async throws {
        let levels = try source.levels()
        let metrics = try PrometheusSource(
            settings(), variables: ProcessInfo.processInfo.environment,
            folder: try ConfigurationFile.nearest()?.folder)
        let all = await ServiceLevelStatus.all(levels, from: metrics)
        for status in all {
            if let fault = status.fault { throw Failure(.unavailable, fault) }
        }
        switch format.output {
        case .json: for status in all { try StandardOutput.writeLine(status.json) }
        case .table:
            let windows = all.first?.ratios.map(\.window.prometheus) ?? []
            var table = Table(
                ["SLO", "OBJECTIVE", "PERIOD", "BUDGET LEFT"] + windows.map { "BURN \($0)" })
            for status in all {
                table.add(
                    [
                        status.level.name, "\(status.level.target)",
                        status.level.period.prometheus,
                        status.left.map { String(format: "%.2f%%", $0 * 100) } ?? "no data",
                    ]
                        + status.ratios.map {
                            status.burn($0.ratio).map { String(format: "%.2f", $0) } ?? "no data"
                        })
            }
            try table.write()
        }
    }

    private func settings() throws -> MetricsSettings {
        if let prometheus { return MetricsSettings(prometheus: prometheus) }
        guard let file = try ConfigurationFile.nearest() else {
            throw Failure(.usage, "name a Prometheus with --prometheus, as http://127.0.0.1:9090")
        }
        let measured = file.configuration.environments.filter {
            $0.metrics != nil && (environment == nil || $0.name == environment)
        }
        guard let metrics = measured.first?.metrics else {
            throw Failure(
                .badInput, "\(file.path) names no metrics; add metrics: {prometheus: URL}")
        }
        guard measured.count == 1 else {
            throw Failure(
                .usage,
                "name one with --environment: \(measured.map(\.name).joined(separator: ", "))")
        }
        return metrics
    }
}

extension ServiceLevelStatus {
    var json: JSONValue {
        func number(_ value: Double?) -> JSONValue {
            value.map { $0.isFinite ? .number($0) : .null } ?? .null
        }
        return [
            "name": .string(level.name), "service": .string(level.service),
            "target": .string("\(level.target)"), "period": .string(level.period.prometheus),
            "budgetLeft": number(left),
            "windows": .array(
                ratios.map {
                    [
                        "window": .string($0.window.prometheus), "ratio": number($0.ratio),
                        "burn": number(burn($0.ratio)),
                    ]
                }),
        ]
    }
}
