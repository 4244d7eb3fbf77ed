import LedgerCore

/// An event on its way into a ledger: what its producer stated, and what was filled in for it.
package struct EventDraft: Sendable {
    package let event: CloudEvent
    /// The attributes that the client filled in (the time, the actor, the CI's facts). They are
    /// kept when the event is new, and not compared when it was sent before: a job that runs again
    /// has a new clock.
    package let defaulted: Set<String>

    /// Refuses what only the ledger may state: its own attributes, and its own types.
    package init(_ event: CloudEvent, defaulted: Set<String> = []) throws(EventError) {
        for name in [LedgerAttribute.recordedTime, LedgerAttribute.streamVersion]
        where event.object[name] != nil {
            throw EventError("\(name) is given by the ledger; leave it out")
        }
        guard !event.type.isReserved else {
            throw EventError("\(event.type) is written by the ledger itself")
        }
        self.init(trusted: event, defaulted: defaulted)
    }

    init(trusted event: CloudEvent, defaulted: Set<String> = []) {
        self.event = event
        self.defaulted = defaulted
    }

    /// Whether a recorded event is this one, sent before. docs/spec/receipt.md, "The same event
    /// again".
    package func isSame(as recorded: CloudEvent) -> Bool {
        let stated = event.object.members.filter { !defaulted.contains($0.name) }
        return stated.allSatisfy { recorded.object[$0.name] == $0.value }
            && recorded.object.members.allSatisfy { member in
                event.object[member.name] != nil || Self.mayBeFilledIn(member.name)
            }
    }

    private static func mayBeFilledIn(_ name: String) -> Bool {
        [LedgerAttribute.recordedTime, LedgerAttribute.streamVersion, "time", "actor"].contains(
            name)
            || name.utf8.starts(with: "ci".utf8)
    }
}
