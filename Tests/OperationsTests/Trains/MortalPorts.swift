import EventSourcing
import LedgerCore
import LedgerTesting
import Synchronization

@testable import BoringDeploy
@testable import Operations

/// A life that ends at its k-th call of a port: before the effect, or right after it.
final class Life: Sendable {
    struct Ended: Error {}

    private let calls = Mutex(0)
    private let lastCall: Int
    private let endsAfterEffect: Bool

    static let immortal = Int.max

    init(lastCall: Int = Life.immortal, endsAfterEffect: Bool = false) {
        self.lastCall = lastCall
        self.endsAfterEffect = endsAfterEffect
    }

    var callCount: Int { calls.withLock { $0 } }

    /// Performs an effect, if still alive for it.
    func spend<Value>(_ effect: () async throws -> Value) async throws -> Value {
        let call = calls.withLock { calls in
            calls += 1
            return calls
        }
        guard call < lastCall || call == lastCall && endsAfterEffect else { throw Ended() }
        let value = try await effect()
        guard call < lastCall else { throw Ended() }
        return value
    }
}

/// A store whose caller may die at any call.
struct MortalStore: EventStore {
    let store: InMemoryEventStore
    let life: Life

    private func spend<Value>(_ effect: () async throws -> Value) async throws(StoreError) -> Value
    {
        do {
            return try await life.spend(effect)
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(.inputOutput, "the runner has died")
        }
    }

    func append(
        _ drafts: [EventDraft], expecting: ExpectedVersion, attaching: [Attachment]
    ) async throws(StoreError) -> [Receipt] {
        try await spend {
            try await store.append(drafts, expecting: expecting, attaching: attaching)
        }
    }

    func entries(_ query: EntryQuery) async throws(StoreError) -> [Entry] {
        try await spend { try await store.entries(query) }
    }

    func head() async throws(StoreError) -> LedgerHead { try await store.head() }
    func checkpoint() async throws(StoreError) -> SignedNote { try await store.checkpoint() }
    func checkpoint(of size: TreeSize) async throws(StoreError) -> SignedNote? {
        try await store.checkpoint(of: size)
    }
    func inclusionProofs(
        of positions: [Position], in size: TreeSize
    ) async throws(StoreError) -> [InclusionProof] {
        try await store.inclusionProofs(of: positions, in: size)
    }
    func consistencyProof(
        from old: TreeSize, to size: TreeSize
    ) async throws(StoreError) -> ConsistencyProof {
        try await store.consistencyProof(from: old, to: size)
    }
    func proveInclusion(of position: Position) async throws(StoreError) -> TransparencyProof {
        try await store.proveInclusion(of: position)
    }
    func proveConsistency(from old: TreeSize) async throws(StoreError) -> WitnessRequest {
        try await store.proveConsistency(from: old)
    }
    func attach(_ attachment: Attachment) async throws(StoreError) {
        try await store.attach(attachment)
    }
    func attachment(_ digest: Digest) async throws(StoreError) -> Attachment? {
        try await store.attachment(digest)
    }
}

/// The world outside: commands that were run, by their idempotency keys.
final class World: Sendable {
    private let deeds = Mutex<[String]>([])
    /// Up to which attempt a deed fails: the same attempt ends the same way however often it is
    /// tried, as a command does that honours its idempotency key.
    private let failures: [String: Int]

    init(failures: [String: Int] = [:]) { self.failures = failures }

    /// Each deed once, in order: what and with which key.
    var distinctDeeds: [String] {
        deeds.withLock { deeds in
            deeds.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        }
    }

    func run(_ command: Command) -> CommandOutcome {
        let words = command.argv.joined(separator: " ")
        let name = [words, command.variables["DAYBOOK_SERVICE"]].compactMap(\.self)
            .joined(separator: " ")
        deeds.withLock {
            $0.append("\(name) \(command.variables["DAYBOOK_IDEMPOTENCY_KEY"] ?? "")")
        }
        let attempt = command.variables["DAYBOOK_ATTEMPT"].flatMap { Int($0) } ?? 1
        let fails = attempt <= failures[name] ?? 0
        return CommandOutcome(.exited(fails ? 1 : 0), output: Array("did \(name)\n".utf8))
    }
}

struct MortalCommands: CommandRunner {
    let world: World
    let life: Life

    func run(_ command: Command) async -> CommandOutcome {
        let outcome = try? await life.spend { world.run(command) }
        return outcome ?? CommandOutcome(.notStarted("the runner has died"))
    }
}

/// Sleeping moves the clock.
struct MovedClock: TrainClock {
    let clock: ManualClock

    func now() -> Timestamp { clock.now }
    func sleep(for duration: Duration) async { clock.set(clock.now + duration) }
}
