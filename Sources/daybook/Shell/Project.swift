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
    private let source: ConfigurationFile

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
        source = file
        self.file = Attachment(try Files.read(file.path))
    }

    /// The objectives of its services, read from their files.
    func objectives() throws -> [OpenSLOFile] { try source.objectives() }

    /// - Parameter store: The ledger to read or write.
    func log(_ store: any EventStore) throws -> ReleaseLog {
        try ReleaseLog(
            store, project: name, actor: CIContext.current()?.actor() ?? NSUserName(),
            now: SystemClock.now)
    }

    /// A release that has been cut.
    func history(of release: String, in log: ReleaseLog) async throws -> StreamHistory {
        let stream = try ReleaseName.stream(release) { name }
        let history = try await log.history(of: stream)
        guard history.cut != nil else {
            throw Failure(.noInput, "\(stream) has not been cut; see: daybook release list")
        }
        return history
    }
}
