import BoringDeploy
import EventSourcing
import LedgerCore

/// How a cut went.
package enum CutOutcome: Sendable {
    case cut(ReleaseCut, Receipt)
    /// Nothing asks for a release.
    case nothing(PlannedRelease)
}

extension ReleaseCutting {
    /// Records one `release.cut` with all that the release is. The same cut again is answered with
    /// the first receipt; another cut of the same version is a conflict unless `again` is asked for.
    ///
    /// - Throws: `conflict`; `store` with the ledger's own error; what git has to say.
    package func cut(
        _ request: ReleaseRequest, by origin: CutOrigin, into store: some EventStore,
        now: @Sendable () -> Timestamp
    ) async throws(ReleaseError) -> CutOutcome {
        guard let project else {
            throw ReleaseError(
                .badInput,
                "no project is named: give --project NAME, or write project: NAME into daybook.yaml"
            )
        }
        let cuts = try await CutReader(store).known(project)
        let planned = try await planCut(request, after: cuts)
        guard let version = planned.plan.version?.description else { return .nothing(planned) }
        let tag = rules.tagPrefix + version
        let migrations: [MigrationFile]
        do throws(GitError) {
            if request.makesTag { try await git.checkTag(tag, isFreeFor: planned.commit) }
            migrations = try await git.migrations(
                in: planned.commit, since: planned.previousCommit, matching: globs)
        } catch {
            throw ReleaseError(error)
        }
        let whole = ReleaseCut(
            version: version, previous: planned.plan.previous?.description, commit: planned.commit,
            reason: planned.plan.reason, changes: planned.plan.changes,
            artifacts: request.artifacts, migrations: migrations, authors: planned.plan.authors,
            cutter: origin.cutter, labels: planned.plan.labels)
        let (cut, attachments) = try whole.fitting()
        let stream = StreamName.release(project, version)
        let id = try await CutReader(store).id(
            for: cut, in: stream, again: request.again)
        let draft = try Self.draft(cut, id, stream, origin, now())
        let expected = try await CutReader(store).expected(of: stream)
        let receipt: Receipt
        do throws(StoreError) {
            receipt = try await store.append(
                [draft], expecting: request.again ? .any : expected, attaching: attachments)[0]
        } catch  where error.code == .conflict {
            throw ReleaseError(
                .conflict,
                "\(stream) was cut before, and differently (\(error.description)); let that cut ride with "
                    + "daybook train run \(version), or cut the version again with daybook release cut "
                    + "--again, which makes its approvals stale", underlying: error)
        } catch {
            throw ReleaseError(.store, error.description, underlying: error)
        }
        if request.makesTag {
            do throws(GitError) {
                try await git.tag(
                    planned.commit, as: tag,
                    message: "\(project) \(version)\n\nentry \(receipt.hash.hex)")
            } catch {
                throw ReleaseError(error)
            }
        }
        return .cut(cut, receipt)
    }

    private static func draft(
        _ cut: ReleaseCut, _ id: String, _ stream: StreamName, _ origin: CutOrigin,
        _ time: Timestamp
    ) throws(ReleaseError) -> EventDraft {
        var event = JSONObject()
        for fact in origin.facts { event[fact.name] = .string(fact.value) }
        event["actor"] = origin.actor.map { .string($0) }
        event["time"] = .string(time.description)
        let filledIn = Set(event.members.map(\.name))
        event["specversion"] = "1.0"
        event["id"] = .string(id)
        event["source"] = .string(origin.source)
        event["type"] = .string(ReleaseCut.definition.type.text)
        event["subject"] = .string(stream.text)
        event["data"] = cut.data
        do throws(EventError) {
            return try EventDraft(CloudEvent(.object(event)), defaulted: filledIn)
        } catch {
            throw ReleaseError(.badInput, error.description)
        }
    }
}

extension ReleaseCut {
    /// An event holds 60 KiB; the rest is for its other attributes.
    private static let mostBytes = (60 - 4) << 10

    /// Itself if it fits, else with as many of its changes as do, and all of them attached.
    fileprivate func fitting() throws(ReleaseError) -> (ReleaseCut, [Attachment]) {
        guard CanonicalJSONWriter.bytes(of: data).count > Self.mostBytes else { return (self, []) }
        let all = Attachment(CanonicalJSONWriter.bytes(of: .array(changes.map(\.json))))
        var short = self
        short.changes = []
        short.attachments = [AttachmentName("changes.json", all)]
        var size = CanonicalJSONWriter.bytes(of: short.data).count
        guard size <= Self.mostBytes else {
            throw ReleaseError(
                .badInput,
                "the release has \(migrations.count) migration files, \(authors.count) authors and "
                    + "\(artifacts.count) artifacts, more than one event holds; release in smaller steps, or "
                    + "tag an earlier commit as the release before")
        }
        for change in changes {
            size += CanonicalJSONWriter.bytes(of: change.json).count + 1
            guard size <= Self.mostBytes else { break }
            short.changes.append(change)
        }
        return (short, [all])
    }
}

extension ReleaseCutting {
    /// The cut that a plan would come to, without its cutter and its artifacts: for its notes.
    package func draft(
        _ request: ReleaseRequest, after cuts: [KnownRelease] = []
    ) async throws(ReleaseError) -> ReleaseCut {
        let planned = try await plan(request, after: cuts)
        let migrations: [MigrationFile]
        do throws(GitError) {
            migrations = try await git.migrations(
                in: planned.commit, since: planned.previousCommit, matching: globs)
        } catch {
            throw ReleaseError(error)
        }
        return ReleaseCut(
            version: planned.plan.version?.description ?? "unreleased",
            previous: planned.plan.previous?.description, commit: planned.commit,
            reason: planned.plan.reason, changes: planned.plan.changes, migrations: migrations,
            authors: planned.plan.authors, cutter: Identity(), labels: planned.plan.labels)
    }
}
