import EventSourcing
import LedgerCore

/// The outcome of a train's step `bundle`: the bundle is its attachment.
package enum BundleKind: OutcomeKind {
    package static let definition = EventDefinition(
        name: "dev.daybook.bundle.exported", summary: "An evidence bundle was exported.")
}

package typealias BundleExported = StepOutcome<BundleKind>
