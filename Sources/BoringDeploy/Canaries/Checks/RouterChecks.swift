extension CanaryCheck {
    /// What the router itself knows: that it reaches the canary, and that its connections hold.
    static func router(minimum: Int) -> [CanaryCheck] {
        [
            CanaryCheck("reachable", .reachable),
            CanaryCheck(
                "connections", .connections(CountsRule(.comparison, limit: 0.05, minimum: minimum))),
        ]
    }
}
