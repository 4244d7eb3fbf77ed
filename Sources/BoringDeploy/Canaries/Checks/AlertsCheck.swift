extension CanaryCheck {
    /// No alert of the services fires: not in Prometheus, and not by what was recorded in the
    /// ledger.
    static func alerts(of services: [String]) -> [CanaryCheck] {
        services.map { service in
            CanaryCheck(
                "alerts \(service)",
                .alerts("ALERTS{alertstate=\"firing\",service=\"\(PromQL.escaped(service))\"}"))
        } + [CanaryCheck("recorded alerts", .recordedAlerts(services: services))]
    }
}
