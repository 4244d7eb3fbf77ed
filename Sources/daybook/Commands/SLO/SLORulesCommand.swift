import ArgumentParser
import BoringDeploy
import LedgerCore
import Operations

struct SLORulesCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Write Prometheus' recording and alerting rules of objectives.",
        discussion: """
            Alerts fire while a burn rate is exceeded over a long window and over a short one (multi-window,
            multi-burn-rate). With --tests, writes the cases for promtool test rules instead.

              daybook slo rules > rules.yaml
              daybook slo rules --tests rules.yaml > tests.yaml
              promtool test rules tests.yaml
            """)

    @OptionGroup var source: SLOOptions

    @Option(
        help: ArgumentHelp(
            "Write tests of this file of rules, as they name it.", valueName: "rules"))
    var tests: String?

    func execute() async throws {
        let levels = try source.levels()
        if let tests {
            let cases = RuleTests(levels, rules: tests)
            for level in cases.untested {
                StandardError.write(
                    "\(level.name): its queries are too clever to make series for; write its test by hand\n"
                )
            }
            guard cases.untested.count < levels.count else {
                throw Failure(.badInput, "there is nothing that could be tested")
            }
            return try StandardOutput.write(cases.text)
        }
        let rules = PrometheusRules(levels)
        for (level, burn) in rules.silent {
            StandardError.write(
                "\(level.name): no alert over \(burn.long.prometheus), for it could never fire: "
                    + "\(burn.factor(over: level.period)) times its budget is more than all requests\n"
            )
        }
        try StandardOutput.write(rules.text)
    }
}
