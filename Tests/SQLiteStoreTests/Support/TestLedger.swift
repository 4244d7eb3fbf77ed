import EventSourcing
import Foundation
import GRDB
import LedgerCore
import LedgerTesting
import Testing

@testable import SQLiteStore

/// A ledger in a folder of its own.
struct TestLedger {
    let folder: TemporaryFolder
    let file: LedgerFile
    let clock = ManualClock()

    /// A new ledger with its first entry, signed by the first key unless told otherwise.
    init(signedBy signer: LedgerSigner? = nil) throws {
        folder = try TemporaryFolder()
        file = LedgerFile(folder.file("evidence.db"))
        try SQLiteEventStore.create(file, signer: signer ?? Keys.signer(), clock: clock.reading)
    }

    func open(key: SigningKey? = nil) throws -> SQLiteEventStore {
        try .writing(file, key: key ?? Keys.first(), patience: .seconds(20), clock: clock.reading)
    }

    /// Appends, each draft with a checkpoint of its own, and closes.
    @discardableResult
    func append(_ drafts: [EventDraft], attaching: [EventSourcing.Attachment] = []) async throws
        -> [Receipt]
    {
        let store = try open()
        var receipts: [Receipt] = []
        for draft in drafts {
            clock.advance(seconds: 1)
            receipts += try await store.append([draft], expecting: .any, attaching: attaching)
        }
        try store.close()
        return receipts
    }

    /// Appends all at once, and closes.
    func appendTogether(_ drafts: [EventDraft]) async throws {
        let store = try open()
        _ = try await store.append(drafts)
        try store.close()
    }

    func checkpoint() async throws -> SignedNote {
        try await SQLiteEventStore.reading(file).checkpoint()
    }

    func verify(trust: Trust = Trust(), isQuick: Bool = false) throws -> [Finding] {
        try LedgerVerifier(file, trust: trust, isQuick: isQuick, workers: 2).run().findings
    }
}

extension TestLedger {
    /// That a verification finds exactly this, in this order.
    func expect(
        _ expected: [Found], trust: Trust = Trust(), isQuick: Bool = false,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let found = try verify(trust: trust, isQuick: isQuick).places
        #expect(found == expected, sourceLocation: sourceLocation)
    }
}

/// A finding without its wording.
struct Found: Hashable, CustomStringConvertible {
    let kind: Finding.Kind
    let position: Int64?

    init(_ kind: Finding.Kind, _ position: Int64?) {
        self.kind = kind
        self.position = position
    }

    var description: String { "\(kind.rawValue)@\(position.map(String.init) ?? "ledger")" }
}

extension [Finding] {
    var places: [Found] { map { Found($0.kind, $0.position) } }
}
