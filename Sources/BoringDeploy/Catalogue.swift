import EventSourcing

/// THE list: every capability's events, projections and gates.
package enum Catalogue {
    package static let events = EventCatalogue([
        LedgerCreated.self,
        ReleaseCut.self,
        MigrationRehearsed.self,
    ])

    package static let projections: [any Projection] = [StreamsProjection()]
}
