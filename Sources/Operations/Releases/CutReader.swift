import BoringDeploy
import EventSourcing
import LedgerCore

/// A cut as a ledger has it.
package struct RecordedCut: Sendable {
    package let cut: ReleaseCut
    package let event: CloudEvent
    package let entry: Entry
}

/// Finds the cuts of a ledger.
package struct CutReader<Store: EventStore> {
    private let store: Store

    package init(_ store: Store) { self.store = store }

    /// The newest cut of a release; nil if there is none.
    package func newest(of stream: StreamName) async throws(ReleaseError) -> RecordedCut? {
        var query = EntryQuery()
        query.stream = stream
        query.type = ReleaseCut.definition.type
        var newest: RecordedCut?
        try await each(query) { newest = $0 }
        return newest
    }

    /// What the stream of a release that is not cut yet must be at: CI may have recorded something
    /// about it before. A release that was cut is expected to be new, which it is not.
    func expected(of stream: StreamName) async throws(ReleaseError) -> ExpectedVersion {
        guard try await newest(of: stream) == nil else { return .noStream }
        var query = EntryQuery()
        query.stream = stream
        query.limit = 10_000
        do throws(StoreError) {
            let count = try await store.entries(query).count
            return count == 0 ? .noStream : .version(StreamVersion(Int64(count)))
        } catch {
            throw ReleaseError(.store, error.description, underlying: error)
        }
    }

    /// The newest cut of a project.
    package func newest(of project: String) async throws(ReleaseError) -> RecordedCut? {
        var newest: RecordedCut?
        try await each(project) { newest = $0 }
        return newest
    }

    /// The versions of a project that were cut, each with the commit of its newest cut.
    package func known(_ project: String) async throws(ReleaseError) -> [KnownRelease] {
        var releases: [SemanticVersion: String] = [:]
        try await each(project) { found in
            guard let version = try? SemanticVersion(parsing: found.cut.version) else { return }
            releases[version] = found.cut.commit
        }
        return releases.map { KnownRelease($0, commit: $1) }
    }

    /// The newest cut of each version of a project.
    package func newestOfEach(_ project: String) async throws(ReleaseError) -> [RecordedCut] {
        var newest: [String: RecordedCut] = [:]
        try await each(project) { newest[$0.cut.version] = $0 }
        return newest.values.sorted { $0.entry.position < $1.entry.position }
    }

    /// All the changes of a cut: the event's own, or the attachment's.
    package func changes(of cut: ReleaseCut) async throws(ReleaseError) -> [Change] {
        guard cut.changeCount > cut.changes.count else { return cut.changes }
        guard let name = cut.attachments.first(where: { $0.name == "changes.json" }) else {
            throw ReleaseError(.badInput, "the cut of \(cut.version) names no changes.json")
        }
        do {
            guard let attachment = try await store.attachment(name.digest) else {
                throw ReleaseError(.badInput, "the attachment \(name.digest) is not in the ledger")
            }
            return try Change.list(StrictJSONParser.parse(attachment.bytes))
        } catch let error as ReleaseError {
            throw error
        } catch {
            throw ReleaseError(
                .store, "changes.json of \(cut.version): \(error)", underlying: error)
        }
    }

    /// An id that is the same for the same cut: of its stream, its commit and its content. A cut
    /// that comes back after another one is a new one.
    func id(
        for cut: ReleaseCut, in stream: StreamName, again: Bool
    ) async throws(ReleaseError) -> String {
        let content = CanonicalJSONWriter.bytes(of: cut.data)
        func id(after hash: String) -> String {
            let parts = [stream.text, cut.commit, SHA256.hash(content).hex, hash]
            return "cut-" + SHA256.hash(Array(parts.joined(separator: "\n").utf8)).hex
        }
        guard again, let newest = try await newest(of: stream) else { return id(after: "") }
        return newest.cut == cut ? newest.event.key.id.text : id(after: newest.entry.hash.hex)
    }

    private func each(
        _ project: String, _ body: (RecordedCut) -> Void
    ) async throws(ReleaseError) {
        var query = EntryQuery()
        query.type = ReleaseCut.definition.type
        let prefix = StreamName.release(project, "").text
        try await each(query) { found in
            if found.event.subject?.text.hasPrefix(prefix) == true { body(found) }
        }
    }

    /// Cuts that others appended with data of another shape are not ours to read.
    private func each(
        _ query: EntryQuery, _ body: (RecordedCut) -> Void
    ) async throws(ReleaseError) {
        var query = query
        do throws(StoreError) {
            while true {
                let page = try await store.entries(query)
                for entry in page {
                    guard let event = try? RecordedEvent(entry).event,
                        let cut = try? ReleaseCut(data: event.data ?? .null)
                    else { continue }
                    body(RecordedCut(cut: cut, event: event, entry: entry))
                }
                guard page.count == query.limit, let last = page.last else { return }
                query.from = last.position.next
            }
        } catch {
            throw ReleaseError(.store, error.description, underlying: error)
        }
    }
}
