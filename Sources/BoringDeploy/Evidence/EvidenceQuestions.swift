import EventSourcing
import LedgerCore

/// What an auditor asks of every bundle, whether or not anything was recorded of it.
package enum EvidenceQuestions {
    /// Keys whose absence from the whole log says something.
    package static let absent: [IndexKey] = [
        .type(OverrideGranted.definition.type.text), .type(ApprovalRevoked.definition.type.text),
        .type(RollbackCompleted.definition.type.text), .type(TrainAborted.definition.type.text),
        .type(AlertFired.definition.type.text),
    ]
}
