import ArgumentParser
import EventSourcing
import Foundation
import LedgerCore
import Operations
import SQLiteStore

/// Which ledger: `--ledger`, then `DAYBOOK_LEDGER`, then `ledger:` of the nearest daybook.yaml.
struct LedgerOptions: ParsableArguments {
    @Option(help: "The ledger's file. Else: ledger in the nearest daybook.yaml.")
    var ledger: String?

    func file() throws -> LedgerFile {
        if let ledger {
            guard !ledger.isEmpty else { throw Failure(.usage, "--ledger is empty; name a file") }
            return LedgerFile(ledger)
        }
        guard let path = try ConfigurationFile.nearest()?.ledgerPath else {
            throw Failure(
                .usage,
                "no ledger is named: give --ledger FILE, set DAYBOOK_LEDGER, or write ledger: FILE into "
                    + "daybook.yaml")
        }
        return LedgerFile(path)
    }

    func openForReading() throws -> SQLiteEventStore {
        try SQLiteEventStore.reading(file(), threading: .callers).keptUntilExit()
    }
}

/// The ledger and the key that signs it.
struct WritingOptions: ParsableArguments {
    @OptionGroup var ledger: LedgerOptions

    @Option(
        help:
            "The signing key, an Ed25519 key in PEM. Else: beside the ledger, evidence.key for evidence.db."
    )
    var key: String?

    @Option(help: "How many seconds to wait for other writers.")
    var wait: Int = 30

    func validate() throws {
        guard (0...86_400).contains(wait) else {
            throw ValidationError("--wait is a number of seconds from 0 to 86400")
        }
    }

    /// Opens the ledger, appends, and closes it, whatever happens.
    func withStore<Value>(_ body: (SQLiteEventStore) async throws -> Value) async throws -> Value {
        try await ledger.withStore(key: key, wait: wait, body)
    }

    /// The files that make up the ledger.
    func files() throws -> [String] {
        let file = try ledger.file()
        return [file.path, file.path + "-wal", file.path + "-shm", key ?? file.defaultKeyPath]
    }

}

/// The same for commands whose `--key` is a person's.
struct SignedWritingOptions: ParsableArguments {
    @OptionGroup var ledger: LedgerOptions

    @Option(help: "The key that signs the ledger. Else: DAYBOOK_KEY, or the one beside the ledger.")
    var ledgerKey: String?

    func withStore<Value>(_ body: (SQLiteEventStore) async throws -> Value) async throws -> Value {
        let variable = getenv("DAYBOOK_KEY").map { String(cString: $0) }
        return try await ledger.withStore(key: ledgerKey ?? variable, wait: 30, body)
    }
}

extension LedgerOptions {
    /// Opens the ledger, appends, and closes it, whatever happens.
    fileprivate func withStore<Value>(
        key: String?, wait: Int, _ body: (SQLiteEventStore) async throws -> Value
    ) async throws -> Value {
        let file = try file()
        let keyPath = key ?? file.defaultKeyPath
        if !file.exists { _ = try SQLiteEventStore.reading(file) }
        let store = try SQLiteEventStore.writing(
            file, key: SigningKeyFile.read(keyPath), patience: .seconds(wait),
            threading: .callers, clock: SystemClock.now
        ).keptUntilExit()
        do {
            let value = try await body(store)
            try store.close()
            return value
        } catch {
            try? store.close()
            throw error
        }
    }
}

extension SQLiteEventStore {
    /// Giving a connection's dispatch queue back would start two threads, for a process that is
    /// about to end.
    fileprivate func keptUntilExit() -> Self {
        _ = Unmanaged.passRetained(self)
        return self
    }
}

enum SystemClock {
    static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}
