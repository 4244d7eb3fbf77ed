/// The pure core of one aggregate: what a command leads to, and what events make of the state. No
/// clock, no disk, no network: ids and times come in with the command.
package protocol Decider {
    associatedtype Command
    associatedtype State
    associatedtype Event

    static var initial: State { get }
    static func decide(_ command: Command, _ state: State) -> Decision<Event>
    static func evolve(_ state: State, _ event: Event) -> State
}

/// What a decider answers. A refusal is a value, not an error: nothing broke.
package enum Decision<Event> {
    case accept([Event])
    case refuse([String])
}

extension Decider {
    package static func fold(_ events: some Sequence<Event>) -> State {
        events.reduce(initial, evolve)
    }
}
