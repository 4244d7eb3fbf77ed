import EventSourcing
import Testing

/// A door that opens and closes.
private enum Door: Decider {
    enum Command { case open, close, slam }
    enum Event: Equatable { case opened, closed, banged }

    static let initial = false

    static func decide(_ command: Command, _ isOpen: Bool) -> Decision<Event> {
        switch (command, isOpen) {
        case (.open, false): .accept([.opened])
        case (.close, true): .accept([.closed])
        case (.slam, true): .accept([.closed, .banged])
        case (.open, true): .refuse(["it is open"])
        case (_, false): .refuse(["it is closed"])
        }
    }

    static func evolve(_ isOpen: Bool, _ event: Event) -> Bool {
        switch event {
        case .opened: true
        case .closed: false
        case .banged: isOpen
        }
    }
}

@Suite("Deciders")
struct DeciderTests {
    @Test("the state is the fold of the events, in order")
    func fold() {
        #expect(Door.fold([]) == false)
        #expect(Door.fold([.opened]) == true)
        #expect(Door.fold([.opened, .closed, .banged]) == false)
        #expect(Door.fold([.closed, .opened]) == true)
    }

    @Test("a command is accepted with its events, or refused with reasons")
    func decisions() {
        guard case .accept(let events) = Door.decide(.slam, Door.fold([.opened])) else {
            Issue.record("an open door can be slammed")
            return
        }
        #expect(events == [.closed, .banged])
        guard case .refuse(let reasons) = Door.decide(.slam, Door.fold([])) else {
            Issue.record("a closed door cannot be slammed")
            return
        }
        #expect(reasons == ["it is closed"])
    }
}
