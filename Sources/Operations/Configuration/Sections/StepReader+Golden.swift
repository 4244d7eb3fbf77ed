import BoringDeploy

extension StepReader {
    /// `{for: 5m, every: 15s, latency: {query: …, most: 1.5}, traffic: {query: …, least: 0.5}, …}`.
    func golden(_ body: Value) -> GoldenPlan? {
        guard let section = SectionReader(body, keys: ["for", "every"] + GoldenPlan.names)
        else { return nil }
        let duration = section.required("for", as: "5m")?.duration()
        let every = section["every"]?.duration()
        let named = GoldenPlan.names.compactMap { name in section[name].map { (name, $0) } }
        if named.isEmpty {
            body.fault(
                "\(body.name) names no signal; add one of \(GoldenPlan.names.joined(separator: ", "))"
            )
        }
        let signals = named.compactMap { signal($0, $1) }
        guard let duration else { return nil }
        if let every, every > duration {
            section["every"]?.fault("it ends before its first look; make every shorter")
        }
        return GoldenPlan(
            duration: duration, every: every ?? min(.seconds(15), duration), signals: signals)
    }

    private func signal(_ name: String, _ value: Value) -> GoldenPlan.Signal? {
        guard let section = SectionReader(value, keys: ["query", "most", "least", "slack"]),
            let query = section.required("query", as: "sum(rate(http_requests_total[1m]))")?.query()
        else { return nil }
        if section["most"] == nil, section["least"] == nil {
            value.fault("\(value.name) has no bound; add most: 1.5 or least: 0.5")
        }
        return GoldenPlan.Signal(
            name: name, query: query.text, most: section["most"]?.number(atLeast: 0),
            least: section["least"]?.number(atLeast: 0),
            slack: section["slack"]?.number(atLeast: 0) ?? 0)
    }
}
