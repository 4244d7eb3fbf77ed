import BoringDeploy
import EventSourcing
import Foundation
import LedgerCore
import Operations

/// Migration files in the working directory, which is the repository's.
enum MigrationFiles {
    /// Paths as git writes them, from the repository's top.
    static func path(_ text: String) -> String {
        var text = Substring(text)
        while text.hasPrefix("./") { text = text.dropFirst(2) }
        return String(text)
    }

    /// A file with the digest of its content; nil for one that is not there, as a deleted one.
    static func hashed(_ path: String) throws -> MigrationFile {
        guard access(path, F_OK) == 0 else { return MigrationFile(path: path, digest: nil) }
        let bytes = try Files.read(path, atMost: Attachment.largest)
        return MigrationFile(path: path, digest: SHA256.hash(bytes))
    }

    /// Refuses files that are not there, unless they should not be.
    static func hashed(
        _ paths: some Sequence<String>, deleted: [MigrationFile]
    ) throws -> [MigrationFile] {
        try Set(paths).sorted().map { path in
            let file = try hashed(path)
            let isDeleted = deleted.contains { $0.path == path && $0.digest == nil }
            guard file.digest != nil || isDeleted else {
                throw Failure(.noInput, "there is no migration file \(path)")
            }
            return file
        }
    }
}

/// The rule for migrations, of the nearest daybook.yaml.
enum MigrationSettings {
    static func rule() throws -> MigrationRule {
        try ConfigurationFile.nearest()?.configuration.gates.migrations ?? MigrationRule()
    }
}
