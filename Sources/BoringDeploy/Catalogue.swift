import EventSourcing

/// THE list: every capability's events, projections and gates.
package enum Catalogue {
    package static let events = EventCatalogue([
        LedgerCreated.self, LedgerSealed.self, KeyTrusted.self, CheckpointTimestamped.self,
        ReleaseCut.self, ReleasePromoted.self,
        ApprovalGranted.self, ApprovalRevoked.self, OverrideGranted.self,
        TrainStarted.self, TrainBoarded.self, StepIntended.self, GateEvaluated.self,
        DeploymentCompleted.self, RollbackCompleted.self, VerificationCompleted.self,
        CanaryRouted.self, CanaryMeasured.self, CanaryVerdict.self,
        SoakSampled.self, SoakCompleted.self, TrainAborted.self, TrainFinished.self,
        EnvironmentClaimed.self, EnvironmentFreed.self,
        MigrationRehearsed.self,
        ObjectiveDefined.self, AlertFired.self, AlertResolved.self,
        BundleExported.self, ReconciliationCompleted.self, DiscrepancyExplained.self,
    ])

    package static let projections: [any Projection] = [
        StreamsProjection(), IndexProjection(), ReleasesProjection(), EnvironmentsProjection(),
        RunsProjection(),
    ]
}
