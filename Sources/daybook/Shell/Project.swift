import BoringDeploy
import EventSourcing
import Foundation
import LedgerCore
import Operations
import SQLiteStore

/// The project of the nearest daybook.yaml: what commands about releases need besides the ledger.
struct Project {
    let name: String
    let configuration: Configuration
    /// Of daybook.yaml; commands run there.
    let folder: String
    /// Its bytes.
    let file: Attachment

    /// - Parameter name: Comes before the file's own.
    init(named name: String? = nil) throws {
        guard let file = try ConfigurationFile.nearest() else {
            throw Failure(
                .noInput, "there is no daybook.yaml here or above; see: daybook config example")
        }
        guard let name = name ?? file.configuration.project else {
            throw Failure(.badInput, "\(file.path): project is missing; write project: NAME")
        }
        self.name = name
        configuration = file.configuration
        folder = file.folder
        self.file = Attachment(try Files.read(file.path))
    }

    /// `1.5.0`, `shop/1.5.0` or `release/shop/1.5.0`.
    func stream(of release: String) throws -> StreamName {
        let parts = release.split(separator: "/", omittingEmptySubsequences: false)
        switch parts.count {
        case 1 where !release.isEmpty: return .release(name, release)
        case 2 where !parts.contains(""): return StreamName("release/\(release)")
        case 3 where parts[0] == "release" && !parts.contains(""): return StreamName(release)
        default:
            throw Failure(.usage, "\"\(release)\" names no release; give it as 1.5.0 or shop/1.5.0")
        }
    }

    /// - Parameter store: The ledger to read or write.
    func log(_ store: any EventStore) throws -> ReleaseLog {
        try ReleaseLog(
            store, project: name, actor: CIContext.current()?.actor() ?? NSUserName(),
            now: SystemClock.now)
    }

    /// A release that has been cut.
    func history(of release: String, in log: ReleaseLog) async throws -> StreamHistory {
        let stream = try stream(of: release)
        let history = try await log.history(of: stream)
        guard history.cut != nil else {
            throw Failure(.noInput, "\(stream) has not been cut; see: daybook release list")
        }
        return history
    }
}
