import BoringDeploy
import EventSourcing
import LedgerCore

/// What bears on a release and stands in other streams. A bundle shows it and does not claim that it
/// is all: the streams of an environment or a service are as long as the log.
extension BundleSelection {
    /// Adds who held the release's environments, alerts while it rode, and objectives in force.
    mutating func addSurroundings(of stream: StreamName) async throws {
        let history = try history(of: stream)
        guard let first = history.all(TrainStarted.self).first?.fact.position,
            let last = history.facts.last?.position
        else { return }
        var found: [Entry] = []
        for type in [AlertFired.definition.type, AlertResolved.definition.type] {
            try await forEach(query(type, first, to: last.next)) { found.append($0) }
        }
        let claims = query(EnvironmentClaimed.definition.type, first, to: last.next)
        let frees = query(EnvironmentFreed.definition.type, first, to: Position(size.value))
        for query in [claims, frees] {
            try await forEach(query) { entry in
                let data = try? RecordedEvent(entry).event.data?.object
                if data?["release"]?.string.map({ stream == StreamName($0) }) ?? false {
                    found.append(entry)
                }
            }
        }
        if !history.all(CanaryMeasured.self).isEmpty { found += try await objectives(before: last) }
        found.sort { $0.position < $1.position }
        for entry in found { add(entry) }
        surroundings[stream] = found.map(\.position)
    }

    /// The newest of each service.
    private func objectives(before end: Position) async throws -> [Entry] {
        var newest: [[String]: Entry] = [:]
        try await forEach(query(ObjectiveDefined.definition.type, .first, to: end)) { entry in
            let event = try RecordedEvent(entry).event
            let name = event.data?.object?["name"]?.string ?? ""
            newest[[event.subject?.text ?? "", name]] = entry
        }
        return Array(newest.values)
    }

    private func query(_ type: EventType, _ from: Position, to end: Position) -> EntryQuery {
        var query = EntryQuery(from: from)
        query.end = min(end, Position(size.value))
        query.type = type
        return query
    }

    func history(of stream: StreamName) throws -> StreamHistory {
        let positions = complete[.subject(stream.text)]?.positions ?? []
        return try StreamHistory(stream, entries: positions.compactMap { entries[$0] })
    }

    /// The releases of the bundle, with what is known of each.
    func releases() async throws -> [ReleaseEvidence] {
        var releases: [ReleaseEvidence] = []
        var known: [Digest: ApprovalPolicy.Known] = [:]
        for stream in streams {
            let history = try history(of: stream)
            for file in ReleaseEvidence.configurations(of: history)
            where known[file.digest] == nil {
                known[file.digest] = try await policy(in: file.digest)
            }
            let around = (surroundings[stream] ?? []).compactMap { entries[$0] }
            releases.append(
                ReleaseEvidence(
                    history, known: known,
                    surroundings: try StreamHistory(stream, entries: around).facts))
        }
        return releases
    }

    /// Nil if the file is not there, or is not one that this version reads.
    private func policy(in configuration: Digest) async throws -> ApprovalPolicy.Known? {
        guard let file = try await log.attachment(configuration) else { return nil }
        let read = try? ConfigurationFile(path: ConfigurationFile.fileName, bytes: file.bytes)
            .configuration
        return read.map { ApprovalPolicy.Known(people: $0.people, gates: $0.gates) }
    }
}
