import LedgerCore

// From what was answered to samples: the same whoever makes them, now or years later.
extension CheckSample {
    /// Nil at the first look of a check that goes by the growth of counters.
    package init?(_ check: CanaryCheck, _ now: LookEvidence, after before: LookEvidence?) {
        let growth = Growth(now: now.metrics, before: before?.metrics)
        switch check.kind {
        case .counts(_, let canary, let stable):
            guard before != nil else { return nil }
            do throws(Missing) {
                self.init(
                    check.name,
                    .counts(
                        LookCounts(
                            canary: try growth.requests(canary, isCanary: true),
                            stable: try stable.map { (counters) throws(Missing) in
                                try growth.requests(counters, isCanary: false)
                            } ?? .none)))
            } catch { self.init(check.name, .missing(error.reason)) }
        case .gauge(_, let canary, let stable):
            do throws(Missing) {
                self.init(
                    check.name,
                    .gauge(
                        canary: try growth.value(canary), stable: try growth.value(stable)))
            } catch { self.init(check.name, .missing(error.reason)) }
        case .alerts(let query): self.init(check.name, Self.alerts(now.metrics.answers[query]))
        case .recordedAlerts:
            self.init(
                check.name,
                now.recordedAlerts.isEmpty
                    ? .flag(isBad: false, "none fires")
                    : .flag(isBad: true, now.recordedAlerts.joined(separator: ", ") + " fires"))
        case .reachable: self.init(check.name, Self.reachable(now, before))
        case .connections:
            guard before != nil else { return nil }
            self.init(check.name, Self.connections(now, before))
        }
    }

    /// All of a plan's.
    package static func all(
        _ checks: [CanaryCheck], _ now: LookEvidence, after before: LookEvidence?
    ) -> [CheckSample] {
        checks.compactMap { CheckSample($0, now, after: before) }
    }

    private static func alerts(_ answer: MetricReading.Answer?) -> Content {
        switch answer {
        case .series(let series):
            let firing = series.filter { $0.number != 0 }
            return firing.isEmpty
                ? .flag(isBad: false, "none fires")
                : .flag(isBad: true, firing.map(\.labels).joined(separator: ", ") + " fires")
        case .failed(let reason): return .missing(reason)
        case nil: return .missing("it was not asked")
        }
    }

    /// A version that has just been deployed may not be up yet; one that was, and is no more, is bad.
    private static func reachable(_ now: LookEvidence, _ before: LookEvidence?) -> Content {
        guard let router = now.router else {
            return .missing(now.routerFault ?? "there is no router")
        }
        guard !router.canary.isUp else { return .flag(isBad: false, "it is up") }
        return before?.router?.canary.isUp == true
            ? .flag(isBad: true, "the router says that the canary is down")
            : .missing("the router does not say that the canary is up")
    }

    private static func connections(_ now: LookEvidence, _ before: LookEvidence?) -> Content {
        guard let now = now.router, let before = before?.router else {
            return .missing(now.routerFault ?? "the router did not answer")
        }
        func growth(
            _ now: RouterReading.Arm, _ before: RouterReading.Arm
        ) -> RequestCounts? {
            guard let total = now.connections, let failed = now.failures,
                let totalBefore = before.connections, let failedBefore = before.failures,
                total >= totalBefore, failed >= failedBefore
            else { return nil }
            // A connection that was tried again has failed more than once.
            let all = total - totalBefore
            return RequestCounts(total: all, bad: min(all, failed - failedBefore))
        }
        guard let canary = growth(now.canary, before.canary),
            let stable = growth(now.stable, before.stable)
        else { return .missing("the router's counters were reset") }
        return .counts(LookCounts(canary: canary, stable: stable))
    }
}

/// Why nothing can be said.
private struct Missing: Error {
    let reason: String
}

/// How far counters have come from one reading to the next.
private struct Growth {
    let now: MetricReading
    let before: MetricReading?

    func requests(
        _ counters: CanaryCheck.Counters, isCanary: Bool
    ) throws(Missing) -> RequestCounts {
        // Without a series of all requests there is nothing; bad ones may not have come yet.
        let total = try growth(counters.total, mayLack: false, isCanary: isCanary)
        let part = try growth(counters.part, mayLack: true, isCanary: isCanary)
        // Two counters of one scrape may be an instant apart.
        let bounded = min(part, total)
        return RequestCounts(total: total, bad: counters.isGood ? total - bounded : bounded)
    }

    private func series(_ query: String, in reading: MetricReading?) throws(Missing) -> [String:
        Double]
    {
        switch reading?.answers[query] {
        case .series(let series):
            var values: [String: Double] = [:]
            for one in series {
                guard let number = one.number else {
                    throw Missing(reason: "\(query) is \(one.value)")
                }
                values[one.labels] = number
            }
            return values
        case .failed(let reason): throw Missing(reason: reason)
        case nil: throw Missing(reason: "\(query) was not asked")
        }
    }

    private func growth(
        _ query: String, mayLack: Bool, isCanary: Bool
    ) throws(Missing) -> Int {
        let now = try series(query, in: now)
        let before = try series(query, in: before)
        guard mayLack || !now.isEmpty else { throw Missing(reason: "\(query) has no data") }
        var sum = 0.0
        for (labels, value) in now.sorted(by: { $0.key < $1.key }) {
            // A series that is new has counted from 0.
            let start = before[labels] ?? 0
            guard value >= start else {
                throw Missing(reason: "a counter was reset: \(query) \(labels)")
            }
            sum += value - start
        }
        if isCanary, let gone = before.keys.sorted().first(where: { now[$0] == nil }) {
            throw Missing(reason: "a counter is gone: \(query) \(gone)")
        }
        guard sum < 1e15 else { throw Missing(reason: "\(query) has grown by \(sum)") }
        return Int(sum.rounded())
    }

    /// Of a gauge: the sum of its series.
    func value(_ query: String) throws(Missing) -> Double {
        let now = try series(query, in: now)
        guard !now.isEmpty else { throw Missing(reason: "\(query) has no data") }
        // In a fixed order, so that the sum is the same to the bit.
        return now.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
    }
}
