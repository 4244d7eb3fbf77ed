import EventSourcing
import LedgerCore

extension SampleFile {
    /// As Kayenta classifies them, and its score; of counts, the shares of bad requests of each look.
    package var kayenta:
        (results: [(name: String, KayentaJudge.Classification, String)], score: Double)
    {
        let results = zip(checks, kayentaRules).map { check, rule in
            let (canary, baseline) = check.values
            return (
                check.name, KayentaJudge.classify(canary: canary, baseline: baseline, rule), rule
            )
        }
        return (
            results.map { ($0.0, $0.1.classification, $0.1.reason) },
            KayentaJudge.score(results.map { ($0.1.classification, $0.2) })
        )
    }
}

extension KayentaJudge.Rule {
    init(_ reader: SampleReader) throws(EventError) {
        self.init()
        if reader.has("direction") {
            guard let direction = KayentaJudge.Direction(rawValue: try reader.text("direction"))
            else {
                throw EventError(
                    "\(reader.place("direction")) must be increase, decrease or either")
            }
            self.direction = direction
        }
        isCritical = try reader.bool("critical") ?? false
        mustHaveData = try reader.bool("mustHaveData") ?? false
        allowedIncrease = try reader.amount("allowedIncrease") ?? 1
        allowedDecrease = try reader.amount("allowedDecrease") ?? 1
    }
}

extension SampleFile.Check {
    fileprivate var values: (canary: [Double], stable: [Double]) {
        switch self {
        case .gauge(_, _, let canary, let stable): return (canary, stable)
        case .counts(_, _, let looks):
            func shares(_ arm: KeyPath<LookCounts, RequestCounts>) -> [Double] {
                looks.map { $0[keyPath: arm] }.filter { $0.total > 0 }.map {
                    Double($0.bad) / Double($0.total)
                }
            }
            return (shares(\.canary), shares(\.stable))
        }
    }
}
