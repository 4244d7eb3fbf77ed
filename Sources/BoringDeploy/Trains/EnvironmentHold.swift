import EventSourcing
import LedgerCore

/// `dev.daybook.environment.claimed`: a train holds an environment. One at a time does, by optimistic
/// concurrency on the environment's stream.
package struct EnvironmentClaimed: EventPayload, Equatable {
    package var environment: String
    package var release: String
    package var runner: Runner

    package static let definition = EventDefinition(
        name: "dev.daybook.environment.claimed", summary: "A train holds an environment.")

    package init(environment: String, release: String, runner: Runner) {
        self.environment = environment
        self.release = release
        self.runner = runner
    }

    package init(data: JSONValue) throws(EventError) {
        let data = try PayloadReader(data)
        environment = try data.text("environment")
        release = try data.text("release")
        runner = try Runner(data.object("runner"))
    }

    package var data: JSONValue {
        [
            "environment": .string(environment), "release": .string(release),
            "runner": runner.json,
        ]
    }
}

/// `dev.daybook.environment.freed`: it can be held by another.
package struct EnvironmentFreed: EventPayload, Equatable {
    package var environment: String
    package var release: String

    package static let definition = EventDefinition(
        name: "dev.daybook.environment.freed", summary: "A train holds an environment no more.")

    package init(environment: String, release: String) {
        self.environment = environment
        self.release = release
    }

    package init(data: JSONValue) throws(EventError) {
        let data = try PayloadReader(data)
        environment = try data.text("environment")
        release = try data.text("release")
    }

    package var data: JSONValue {
        ["environment": .string(environment), "release": .string(release)]
    }
}

/// Who holds an environment, by its stream.
package struct EnvironmentHold: Sendable {
    package let holder: (claim: EnvironmentClaimed, since: Timestamp)?
    package let streamVersion: StreamVersion?

    package init(_ history: StreamHistory) {
        var holder: (EnvironmentClaimed, Timestamp)?
        for fact in history.facts {
            if fact.isOf(EnvironmentClaimed.self) {
                holder = (try? EnvironmentClaimed(data: fact.data)).map { ($0, fact.recordedTime) }
            } else if fact.isOf(EnvironmentFreed.self) {
                holder = nil
            }
        }
        self.holder = holder
        streamVersion = history.streamVersion
    }
}
