import EventSourcing
import LedgerCore

package enum RoutingKind: OutcomeKind {
    package static let definition = EventDefinition(
        name: "dev.daybook.canary.routed",
        summary: "The router was told which share of the traffic the canary has.")
}

/// Its details have `percent`, and `router` as it was read back.
package typealias CanaryRouted = StepOutcome<RoutingKind>

extension CanaryRouted {
    package var percent: Int? { details["percent"]?.integer.map { Int($0) } }
}
