import EventSourcing
import LedgerCore

/// One document for each release: its state, and when it last changed.
package struct ReleasesProjection: Projection {
    package let name = "releases"
    package let version = 1

    package init() {}

    package func keys(of event: RecordedEvent) -> [DocumentKey] {
        guard let subject = event.event.subject, subject.text.hasPrefix("release/"),
            Self.state(after: event.event, .null) != nil
        else { return [] }
        return [DocumentKey(subject.text)]
    }

    package func evolve(
        _ document: JSONValue?, at key: DocumentKey, with event: RecordedEvent
    ) -> JSONValue? {
        let old = document?.object
        var new = old ?? JSONObject()
        new["state"] = .optional(Self.state(after: event.event, old?["state"] ?? .null))
        new["since"] = .optional(event.event.recordedTime?.description)
        new["position"] = .number(Double(event.position.value))
        let data = event.event.data?.object
        if let version = data?["version"] { new["version"] = version }
        if let commit = data?["commit"] { new["commit"] = commit }
        return .object(new)
    }

    /// Nil if the event does not change it.
    private static func state(after event: CloudEvent, _ old: JSONValue) -> String? {
        guard let name = event.type.versioned?.name else { return nil }
        let data = event.data?.object
        switch name {
        case ReleaseCut.definition.name: return "cut"
        case TrainBoarded.definition.name: return "riding"
        case ReleasePromoted.definition.name: return "promoted"
        case GateEvaluated.definition.name:
            return data?["outcome"] == "passed" ? "riding" : "held"
        case TrainFinished.definition.name:
            let end = data?["end"]?.string ?? ""
            return end == "completed" && old == "promoted" ? "promoted" : end
        default: return nil
        }
    }
}

/// One document for each environment: what runs there, and which train holds it.
package struct EnvironmentsProjection: Projection {
    package let name = "environments"
    package let version = 1

    package init() {}

    private static let types: Set<String> = [
        DeploymentCompleted.definition.name, RollbackCompleted.definition.name,
        EnvironmentClaimed.definition.name, EnvironmentFreed.definition.name,
    ]

    package func keys(of event: RecordedEvent) -> [DocumentKey] {
        guard let name = event.event.type.versioned?.name, Self.types.contains(name),
            let environment = event.event.data?.object?["environment"]?.string
        else { return [] }
        return [DocumentKey(environment)]
    }

    package func evolve(
        _ document: JSONValue?, at key: DocumentKey, with event: RecordedEvent
    ) -> JSONValue? {
        var new = document?.object ?? JSONObject()
        let data = event.event.data?.object
        let release = event.event.subject?.text
        let isGood = data?["outcome"] == "passed"
        switch event.event.type.versioned?.name {
        case EnvironmentClaimed.definition.name?: new["holder"] = data?["release"]
        case EnvironmentFreed.definition.name?: new["holder"] = .null
        case DeploymentCompleted.definition.name? where isGood && new["release"]?.string != release:
            new["before"] = new["release"] ?? .null
            new["release"] = .optional(release)
            new["since"] = .optional(event.event.recordedTime?.description)
        case RollbackCompleted.definition.name? where isGood && new["release"]?.string == release:
            new["release"] = new["before"] ?? .null
            new["before"] = .null
            new["since"] = .optional(event.event.recordedTime?.description)
        default: break
        }
        return .object(new)
    }
}
