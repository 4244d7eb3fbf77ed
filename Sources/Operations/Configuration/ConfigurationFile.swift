import BoringDeploy
import Foundation

/// `daybook.yaml`: found upward from the working directory, read strictly, whole or not at all.
///
/// Every fault is told, each with its line and a way out; docs/guides/configuration.md has the keys.
package struct ConfigurationFile: Sendable, Equatable {
    package static let fileName = "daybook.yaml"

    /// As found or as given; what errors name.
    package let path: String
    package let configuration: Configuration

    /// Reads and checks a file.
    package init(path: String) throws(ConfigurationError) {
        try self.init(path: path, bytes: Self.bytes(of: path))
    }

    /// Checks bytes that `path` is said to hold.
    package init(path: String, bytes: [UInt8]) throws(ConfigurationError) {
        let faults = FaultList()
        let root = YAMLDocument.compose(bytes, faults: faults)
        let configuration = root.flatMap { RootSection.read($0) }
        guard let configuration, faults.isEmpty else {
            throw .invalid(path: path, faults.sorted)
        }
        self.path = path
        self.configuration = configuration
    }

    /// The folder that the file's relative paths start from.
    package var folder: String { (path as NSString).deletingLastPathComponent }

    /// The ledger's path; nil if the file names none.
    package var ledgerPath: String? { configuration.ledger.map(resolved) }

    /// A path as the file writes it; one that is relative starts from the file's folder.
    package func resolved(_ relative: String) -> String {
        relative.hasPrefix("/") ? relative : (folder as NSString).appendingPathComponent(relative)
    }

    /// Nil if there is no daybook.yaml here or above. One that is at fault is not passed over.
    package static func nearest(
        to directory: String = FileManager.default.currentDirectoryPath
    ) throws(ConfigurationError) -> ConfigurationFile? {
        var folder = directory
        while true {
            let path = (folder as NSString).appendingPathComponent(fileName)
            if FileManager.default.fileExists(atPath: path) {
                return try ConfigurationFile(path: path)
            }
            let parent = (folder as NSString).deletingLastPathComponent
            guard parent != folder, !folder.isEmpty else { return nil }
            folder = parent
        }
    }
}
