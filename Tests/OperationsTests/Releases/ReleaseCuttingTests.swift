import BoringDeploy
import EventSourcing
import LedgerCore
import LedgerTesting
import Testing

@testable import Operations

@Suite("Cutting a release")
struct ReleaseCuttingTests {
    private let store: InMemoryEventStore
    private let origin = CutOrigin(
        source: "//test", cutter: Identity(login: "cid"), actor: "cid", facts: [("cirunid", "7")])

    init() throws {
        store = try InMemoryEventStore(signer: Keys.signer(), clock: ManualClock().reading)
    }

    private func cut(
        _ repository: GitFolder, _ change: (inout ReleaseRequest) -> Void = { _ in }
    ) async throws -> CutOutcome {
        var request = ReleaseRequest()
        change(&request)
        var configuration = Configuration()
        configuration.project = "shop"
        return try await ReleaseCutting(configuration, git: repository.git)
            .cut(request, by: origin, into: store, now: { Timestamp(microseconds: 1) })
    }

    @Test("a cut that is done again is answered with the first receipt")
    func again() async throws {
        let repository = try await GitFolder()
        try await repository.commit("feat: a")
        guard case .cut(let cut, let first) = try await cut(repository, { $0.makesTag = true }),
            case .cut(_, let second) = try await self.cut(repository, { $0.makesTag = true })
        else { Issue.record("nothing was cut"); return }
        #expect(cut.version == "0.1.0" && cut.cutter == Identity(login: "cid"))
        #expect(!first.isDuplicate && second.isDuplicate && first.hash == second.hash)
        // The next one counts from it, by its tag as by its cut.
        #expect(try await nothing(repository) == false)
        try await repository.run("tag", "-d", "v0.1.0")
        try await repository.commit("fix: b")
        guard case .cut(let next, _) = try await self.cut(repository) else { return }
        #expect(next.version == "0.1.1" && next.previous == "0.1.0" && next.changes.count == 1)
    }

    private func nothing(_ repository: GitFolder) async throws -> Bool {
        if case .nothing = try await cut(repository) { true } else { false }
    }

    @Test("another cut of the same version needs to be asked for")
    func differently() async throws {
        let repository = try await GitFolder()
        try await repository.commit("feat: a")
        _ = try await cut(repository)
        let artifact = Artifact(name: "x", digest: .zero, size: 0)
        let error = await #expect(throws: ReleaseError.self) {
            try await self.cut(repository) { $0.artifacts = [artifact] }
        }
        #expect(error?.description.contains("--again") == true)
        for isDuplicate in [false, true] {
            let outcome = try await cut(repository) {
                $0.artifacts = [artifact]
                $0.again = true
            }
            guard case .cut(_, let receipt) = outcome else { Issue.record("not cut"); return }
            #expect(receipt.isDuplicate == isDuplicate && receipt.streamVersion == StreamVersion(2))
        }
    }

    @Test("with nothing to release nothing is recorded")
    func nothing() async throws {
        let repository = try await GitFolder()
        try await repository.commit("chore: a")
        #expect(try await nothing(repository))
        #expect(try await store.head().size.value == 1)
    }

    @Test("more changes than an event holds are all in changes.json")
    func many() async throws {
        let repository = try await GitFolder()
        for number in 1...150 {
            try await repository.commit("feat: \(number) " + String(repeating: "x", count: 400))
        }
        guard case .cut(let cut, _) = try await cut(repository) else { return }
        #expect(cut.changeCount == 150 && cut.changes.count < 150 && !cut.changes.isEmpty)
        let all = try await CutReader(store).changes(of: cut)
        #expect(all.count == 150 && Array(all.prefix(cut.changes.count)) == cut.changes)
    }
}
