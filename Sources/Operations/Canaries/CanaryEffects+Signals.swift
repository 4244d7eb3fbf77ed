import BoringDeploy
import EventSourcing
import LedgerCore

extension CanaryEffects {
    /// Looks at golden signals once, now and as they were just before a deployment.
    func signals(
        _ plan: GoldenPlan, _ key: StepKey, _ environment: String, since deployment: Duration
    ) async -> (SoakSampled, Attachment) {
        let queries = plan.signals.map(\.query)
        let now: MetricReading
        let before: MetricReading
        if let source = source(of: environment) {
            now = await source.read(queries)
            before = await source.read(queries, ago: deployment)
        } else {
            now = .failed(queries, "environment \(environment) has no metrics in daybook.yaml")
            before = now
        }
        let evidence = Attachment(
            CanonicalJSONWriter.bytes(of: ["now": now.json, "before": before.json]))
        var sample = SoakSampled(key, environment: environment, isGood: true, reason: "")
        sample.attachments = [AttachmentName("signals.json", evidence)]
        switch plan.judge(now, before: before) {
        case .good(let reason): sample.reason = reason
        case .bad(let reason):
            sample.isGood = false
            sample.reason = reason
        case .missing(let reason):
            sample.isGood = false
            sample.isMissing = true
            sample.reason = reason
        }
        return (sample, evidence)
    }
}
