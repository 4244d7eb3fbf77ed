import EventSourcing
import GRDB
import Synchronization

/// Connections of parallel readers, one for each worker.
final class ConnectionPool: Sendable {
    private let free: Mutex<[DatabaseQueue]>

    init(_ file: LedgerFile, count: Int) throws(StoreError) {
        var connections: [DatabaseQueue] = []
        for _ in 0..<max(1, count) { connections.append(try file.openForReading()) }
        free = Mutex(connections)
    }

    /// Runs a body on a connection that nobody else uses meanwhile; there must not be more callers
    /// than connections.
    func use<Value>(_ body: (Database) throws -> Value) throws -> Value {
        guard let connection = free.withLock({ $0.popLast() }) else {
            preconditionFailure("more workers than connections")
        }
        defer { free.withLock { $0.append(connection) } }
        return try connection.read(body)
    }
}
