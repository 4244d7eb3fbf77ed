extension CanaryCheck {
    /// What the router itself knows: that it reaches the canary, and if it counts connections, that
    /// they hold.
    static func router(minimum: Int, knowsConnections: Bool) -> [CanaryCheck] {
        let connections = CanaryCheck(
            "connections", .connections(CountsRule(.comparison, limit: 0.05, minimum: minimum)))
        return [CanaryCheck("reachable", .reachable)] + (knowsConnections ? [connections] : [])
    }
}
